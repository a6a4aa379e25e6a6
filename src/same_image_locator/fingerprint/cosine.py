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


def transform(values: NDArray[np.generic], count: int = _HALF) -> NDArray[np.float64]:
    """Return the unnormalised DCT of type 2 along the last axis, which has 32 values.

    Only the ``count`` lowest frequencies are computed, at most 16. The last axis is best the one
    whose values lie side by side in memory.
    """
    x = values.astype(np.float64, copy=False)
    folded = np.zeros((*x.shape[:-1], _HALF + 1), np.complex128)
    odd, even = x[..., 1:-1:2], x[..., 2:-1:2]
    np.multiply(x[..., 0], 2, out=folded.real[..., 0])
    np.add(odd, even, out=folded.real[..., 1:_HALF])
    np.subtract(even, odd, out=folded.imag[..., 1:_HALF])
    np.multiply(x[..., -1], 2, out=folded.real[..., _HALF])
    waves = np.fft.irfft(folded, n=SIZE, axis=-1, norm="forward")
    up, down = waves[..., 1:count], waves[..., : SIZE - count : -1]
    near, far = _TWIDDLES[: count - 1], _TWIDDLES[SIZE - 2 : SIZE - count - 1 : -1]
    low = np.empty((*x.shape[:-1], count))
    low[..., 0] = waves[..., 0]
    low[..., 1:] = 0.5 * ((near * down + far * up) + (near * up - far * down))
    return low
