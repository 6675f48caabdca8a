"""minidl: a deep-learning framework to read, watch and change. PyTorch's names and meanings.

This file is the face: it names what users import, and defines nothing.
"""

from importlib import import_module as _import_module
from math import e as e, inf as inf, nan as nan, pi as pi
from typing import TYPE_CHECKING as _TYPE_CHECKING

from . import autograd as autograd, backend as _backend, cuda as cuda, fft as fft, linalg as linalg
from .backend import (
    Device as Device,
    bool_ as bool,  # noqa: F401
    complex64 as cfloat,  # noqa: F401
    complex64 as complex64,
    complex128 as cdouble,  # noqa: F401
    complex128 as complex128,
    default_device as get_default_device,  # noqa: F401
    device as device,
    dtype as dtype,
    float16 as float16,
    float16 as half,  # noqa: F401
    float32 as float,  # noqa: F401
    float32 as float32,
    float64 as double,  # noqa: F401
    float64 as float64,
    int8 as int8,
    int16 as int16,
    int16 as short,  # noqa: F401
    int32 as int,  # noqa: F401
    int32 as int32,
    int64 as int64,
    int64 as long,  # noqa: F401
    set_default_device as set_default_device,
    uint8 as uint8,
)
from .chance import *  # noqa: F403
from .creation import *  # noqa: F403
from .dtypes import (
    get_default_dtype as get_default_dtype,
    promote_types as promote_types,
    result_type as result_type,
    set_default_dtype as set_default_dtype,
)
from .errors import (
    CompileError as CompileError,
    DeviceError as DeviceError,
    GradientError as GradientError,
    ShapeError as ShapeError,
)
from .machine import (
    get_num_threads as get_num_threads,
    set_num_threads as set_num_threads,
)
from .ops import *  # noqa: F403
from .tape import (
    enable_grad as enable_grad,
    is_recording as is_grad_enabled,  # noqa: F401
    no_grad as inference_mode,  # noqa: F401  (nothing here is quicker than not recording)
    no_grad as no_grad,
    set_grad_enabled as set_grad_enabled,
)
from .tensors import Tensor as Tensor
from .transforms import (
    check_grad as check_grad,
    grad as grad,
    hessian as hessian,
    jacobian as jacobian,
    jvp as jvp,
    vjp as vjp,
)
from .typed import *  # noqa: F403

if _TYPE_CHECKING:
    from . import (
        amp as amp,
        backends as backends,
        compiler as compiler,
        data as data,
        distributions as distributions,
        grading as grading,
        nn as nn,
        optim as optim,
        training as training,
        utils as utils,
    )
    from .amp.autocasting import (
        autocast as autocast,
        get_autocast_dtype as get_autocast_dtype,
        is_autocast_enabled as is_autocast_enabled,
        set_autocast_dtype as set_autocast_dtype,
    )
    from .backend import dtype as _dtype
    from .backends.cuda import (
        get_float32_matmul_precision as get_float32_matmul_precision,
        set_float32_matmul_precision as set_float32_matmul_precision,
    )
    from .compiler.compiled import compile as compile
    from .training.serialization import load as load, save as save

    bfloat16: _dtype

__version__ = "0.1.0"
Size, newaxis, numel = tuple, None, Tensor.numel
seed, initial_seed = default_generator.seed, default_generator.initial_seed  # noqa: F405

# Rooms that are opened when first asked for, so that `import minidl` stays quick.
_ROOMS = ("amp", "backends", "compiler", "data", "distributions", "grading", "nn", "optim",
          "training", "utils")  # fmt: skip
_FROM_ROOMS = {
    "save": "training.serialization",
    "load": "training.serialization",
    "compile": "compiler.compiled",
    "autocast": "amp.autocasting",
    "is_autocast_enabled": "amp.autocasting",
    "get_autocast_dtype": "amp.autocasting",
    "set_autocast_dtype": "amp.autocasting",
    "get_float32_matmul_precision": "backends.cuda",
    "set_float32_matmul_precision": "backends.cuda",
}


def __getattr__(name: str):
    if name in _ROOMS:
        return _import_module(f".{name}", __name__)
    if name == "bfloat16":  # its package is loaded when first asked for
        return _backend.bfloat16
    if name in _FROM_ROOMS:
        return getattr(_import_module(f".{_FROM_ROOMS[name]}", __name__), name)
    raise AttributeError(f"module 'minidl' has no attribute '{name}'")
