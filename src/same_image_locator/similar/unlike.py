"""Tells pictures of one layout from copies of one, by what each shows beside the other.

Two shots of one kind of object may share more than a copy does that was strongly encoded. But what
sets these apart is noise, which is white, so that little of it is left where they are looked at
twice as coarsely; edges where one does not lie exactly on the other; or places that were written or
drawn on, and others that were not. Of two pictures each shows things of its own all over, and about
as strong in each octave (Field, "Relations between the statistics of natural images and the
response properties of cortical cells", 1987).
"""

import numpy as np
from numpy.typing import NDArray

from same_image_locator.similar.quantiles import quantiles

_NOTHING = 2.0  # greys: so little is left by any encoding
# Of what is usual: what quiet tiles show, and what is usual where it is looked at more coarsely.
_EVERYWHERE, _COARSELY = 0.6, 0.6
_QUIET = 20  # percent of the tiles

Floats = NDArray[np.float32]


def unlike(fine: Floats, coarse: Floats) -> bool:
    """Return whether what is left over looks as it does of two pictures.

    Args:
        fine: standard deviation, in greys, of what one picture has in each tile beside the details
            of the other; float32 of shape (n,).
        coarse: the same of details that are twice as coarse; of as many tiles or others.
    """
    if not fine.size or not coarse.size:
        return False
    quiet, usual = quantiles(fine, _QUIET, 50)
    everywhere = quiet >= max(_NOTHING, _EVERYWHERE * usual)
    return everywhere and quantiles(coarse, 50)[0] >= _COARSELY * usual
