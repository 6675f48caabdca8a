"""The operations: primitives by family, and the PyTorch-named functions composed from them.

Each file's `__all__` says what of it `minidl` shows. The names imported one by one below are for
the house only: a primitive whose name ends in `_` has a function of PyTorch's name around it.
"""

from ..primitive import broadcast
from . import (
    arithmetic,
    complexes,
    determinants,
    distances,
    elementwise,
    movement,
    products,
    random,
    selection,
    shapes,
    solving,
    statistics,
    summation,
    tensor_products,
)
from .arithmetic import *
from .complexes import *
from .convolution import conv, conv_transpose, conv_weight
from .determinants import *
from .dims import sizes
from .distances import *
from .elementwise import *
from .elementwise import abs_, add_, div_, fill, pow_, round_, sub_, where_
from .indexing import Slot, filled, gather_at, put_at, scatter_at
from .linear import matmul_, swap
from .movement import *
from .movement import cast, cat_, crop, expand_, flip_, pad_, permute_, reshape_, transfer
from .products import *
from .random import *
from .random import integers_like, normal_like, permutation_like, uniform_like
from .reduction import all_, amax_, amin_, any_, argmax_, argmin_, argsort_, cumsum_, sum_, sum_to
from .selection import *
from .selection import getitem, setitem, split_key
from .shapes import *
from .sliding import argmax_windows, overlap_add, sum_windows, windows
from .solving import *
from .statistics import *
from .statistics import Extreme
from .summation import *
from .tensor_products import *

__all__: list[str] = []
__all__ += arithmetic.__all__
__all__ += complexes.__all__
__all__ += determinants.__all__
__all__ += distances.__all__
__all__ += elementwise.__all__
__all__ += movement.__all__
__all__ += products.__all__
__all__ += random.__all__
__all__ += selection.__all__
__all__ += shapes.__all__
__all__ += solving.__all__
__all__ += statistics.__all__
__all__ += summation.__all__
__all__ += tensor_products.__all__
