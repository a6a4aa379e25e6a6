"""The discrete cosine transform of 32 values, equal to SciPy's to the last bit.

A perceptual hash compares coefficients with their median. In drawings, gradients and other regular
pictures many coefficients are zero in theory and rounding noise in practice, so only the very same
arithmetic yields the very same bits. This is pocketfft's algorithm (``T_dcst23``, which SciPy
runs) in terms of NumPy's real transform, which is pocketfft as well: fold, transform back, twiddle.
"""

import math

import numpy as np
from numpy.typing import NDArray

SIZE = 32
_HALF = SIZE // 2
_FINE = 16  # pocketfft builds its cosines as products from a fine table and a coarse one


def _twiddles() -> NDArray[np.float64]:
    """Return cos(pi k / 64) for k = 1 .. 32, rounded as pocketfft's ``sincos_2pibyn`` rounds."""
    eighth = 0.25 * math.pi / (4 * SIZE)
    angle = 8 * _FINE * eighth
    coarse = ((1.0, 0.0), (math.sin(angle), math.cos(angle)), (0.0, 1.0))
    values = []
    for k in range(1, SIZE + 1):
        fine_cos, fine_sin = math.cos(8 * (k % _FINE) * eighth), math.sin(8 * (k % _FINE) * eighth)
        coarse_cos, coarse_sin = coarse[k // _FINE]
        values.append(fine_cos * coarse_cos - fine_sin * coarse_sin)
    return np.array(values)


_TWIDDLES = _twiddles()


def transform(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return the unnormalised DCT of type 2 along the last axis, which has 32 values."""
    x = values.astype(np.float64)
    folded = np.zeros((*x.shape[:-1], _HALF + 1), np.complex128)
    odd, even = x[..., 1:-1:2], x[..., 2:-1:2]
    folded.real[..., 0] = 2 * x[..., 0]
    folded.real[..., 1:_HALF] = odd + even
    folded.imag[..., 1:_HALF] = even - odd
    folded.real[..., _HALF] = 2 * x[..., -1]
    waves = np.fft.irfft(folded, n=SIZE, axis=-1, norm="forward")
    k = np.arange(1, _HALF)
    up, down = waves[..., k], waves[..., SIZE - k]
    near, far = _TWIDDLES[k - 1], _TWIDDLES[SIZE - k - 1]
    total, difference = near * down + far * up, near * up - far * down
    waves[..., k] = 0.5 * (total + difference)
    waves[..., SIZE - k] = 0.5 * (total - difference)
    waves[..., _HALF] *= _TWIDDLES[_HALF - 1]
    return waves
