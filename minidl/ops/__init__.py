"""The operations: primitives by family, and the PyTorch-named functions composed from them.

Each file's `__all__` says what of it `minidl` shows. The names imported one by one below are for
the house only: a primitive whose name ends in `_` has a function of PyTorch's name around it.
"""

from importlib import import_module

from ..backend import before_cards, cards_by
from ..primitive import broadcast
from . import (
    arithmetic,
    complexes,
    conditions,
    counting,
    determinants,
    diagonals,
    distances,
    elementwise,
    exponentials,
    extremes,
    joining,
    movement,
    parts,
    pieces,
    products,
    questions,
    random,
    repeating,
    rows,
    scans,
    scattering,
    searching,
    selection,
    shapes,
    solving,
    sorting,
    special,
    statistics,
    summation,
    synonyms,
    tensor_products,
    trigonometry,
    turning,
)
from .arithmetic import *
from .arithmetic import times
from .attending import attention, attention_weights
from .batch_normalizing import FOLLOW, batch_norm_, channel_moments
from .bends import gelu_, gelu_tanh, silu_
from .complexes import *
from .conditions import *
from .convolution import bordered_conv, conv, conv_transpose, conv_weight
from .counting import *
from .dense import affine, linear_
from .determinants import *
from .diagonals import *
from .diagonals import diagonal_, on_diagonal
from .dims import sizes
from .distances import *
from .elementwise import *
from .elementwise import abs_, add_, div_, fill, pow_, round_, sub_, where_
from .entropy import surprise
from .exponentials import *
from .exponentials import log_softmax_, softmax_, softmax_slope
from .extremes import *
from .extremes import Extreme
from .indexing import Slot, fold_at, gather_at, positions, put_at, scatter_at, watch_front
from .joining import *
from .keys import getitem, overwrite, setitem
from .linear import matmul_, row_products, swap
from .movement import *
from .movement import cast, cat_, crop, expand_, flip_, pad_, permute_, reshape_, transfer
from .normalizing import layer_norm_
from .parts import *
from .pieces import *
from .pieces import unfold
from .pooling import argmax_windows, max_windows, spread_windows, sum_windows
from .products import *
from .questions import *
from .random import *
from .random import instead, integers_like, normal_, normal_like, permutation_like, uniform_like
from .recurring import lstm_steps
from .recurring_layers import lstm_layer
from .reduction import all_, amax_, amin_, any_, argmax_, argmin_, argsort_, cumsum_, sum_, sum_to
from .repeating import *
from .rows import *
from .scans import *
from .scattering import *
from .searching import *
from .selection import *
from .shapes import *
from .shapes import inferred
from .sliding import overlap_add, windows
from .solving import *
from .sorting import *
from .special import *
from .statistics import *
from .summation import *
from .synonyms import *
from .tensor_products import *
from .trigonometry import *
from .turning import *

cards_by(lambda index: import_module("..cards_gpu", __name__).CUDA(index))
before_cards(lambda: import_module(".cards_gpu", __name__))

__all__: list[str] = []
__all__ += arithmetic.__all__
__all__ += complexes.__all__
__all__ += conditions.__all__
__all__ += counting.__all__
__all__ += determinants.__all__
__all__ += diagonals.__all__
__all__ += distances.__all__
__all__ += elementwise.__all__
__all__ += exponentials.__all__
__all__ += extremes.__all__
__all__ += joining.__all__
__all__ += movement.__all__
__all__ += parts.__all__
__all__ += pieces.__all__
__all__ += products.__all__
__all__ += questions.__all__
__all__ += random.__all__
__all__ += repeating.__all__
__all__ += rows.__all__
__all__ += scans.__all__
__all__ += scattering.__all__
__all__ += searching.__all__
__all__ += selection.__all__
__all__ += shapes.__all__
__all__ += solving.__all__
__all__ += sorting.__all__
__all__ += special.__all__
__all__ += statistics.__all__
__all__ += summation.__all__
__all__ += synonyms.__all__
__all__ += tensor_products.__all__
__all__ += trigonometry.__all__
__all__ += turning.__all__
