"""minidl: a deep-learning framework to read, watch and change. PyTorch's names and meanings.

This file is the face: it names what users import, and defines nothing.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

from . import autograd as autograd
from . import cuda as cuda
from .backend import Device as Device
from .backend import bool_ as bool  # noqa: F401
from .backend import device as device
from .backend import dtype as dtype
from .backend import float16 as float16
from .backend import float32 as float32
from .backend import float64 as float64
from .backend import int8 as int8
from .backend import int16 as int16
from .backend import int32 as int32
from .backend import int64 as int64
from .backend import uint8 as uint8
from .creation import *  # noqa: F403
from .dtypes import get_default_dtype as get_default_dtype
from .dtypes import promote_types as promote_types
from .dtypes import result_type as result_type
from .dtypes import set_default_dtype as set_default_dtype
from .errors import DeviceError as DeviceError
from .errors import GradientError as GradientError
from .errors import ShapeError as ShapeError
from .ops import *  # noqa: F403
from .tape import enable_grad as enable_grad
from .tape import is_recording as is_grad_enabled  # noqa: F401
from .tape import no_grad as no_grad
from .tape import set_grad_enabled as set_grad_enabled
from .tensors import Tensor as Tensor
from .transforms import check_grad as check_grad
from .transforms import grad as grad
from .transforms import hessian as hessian
from .transforms import jacobian as jacobian
from .transforms import jvp as jvp
from .transforms import vjp as vjp

if _TYPE_CHECKING:
    from . import compiler as compiler
    from . import data as data
    from . import grading as grading
    from . import nn as nn
    from . import optim as optim
    from . import training as training
    from .training.serialization import load as load
    from .training.serialization import save as save

__version__ = "0.1.0"

# Rooms that are opened when first asked for, so that `import minidl` stays quick.
_ROOMS = ("compiler", "data", "grading", "nn", "optim", "training")
_FROM_ROOMS = {"save": "training.serialization", "load": "training.serialization"}


def __getattr__(name: str):
    if name in _ROOMS:
        return _import_module(f".{name}", __name__)
    if name in _FROM_ROOMS:
        return getattr(_import_module(f".{_FROM_ROOMS[name]}", __name__), name)
    raise AttributeError(f"module 'minidl' has no attribute '{name}'")
