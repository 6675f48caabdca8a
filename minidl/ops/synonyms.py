"""PyTorch's second names for functions it has already."""

from .arithmetic import (
    abs as absolute,
    div as divide,
    div as true_divide,
    sub as subtract,
    trunc as fix,
)
from .conditions import clamp as clip
from .elementwise import mul as multiply, neg as negative
from .joining import cat as concat, cat as concatenate
from .questions import (
    ge as greater_equal,
    gt as greater,
    le as less_equal,
    lt as less,
    ne as not_equal,
)
from .shapes import movedim as moveaxis, transpose as swapdims
from .trigonometry import (
    acos as arccos,
    acosh as arccosh,
    asin as arcsin,
    asinh as arcsinh,
    atan as arctan,
    atan2 as arctan2,
    atanh as arctanh,
)

__all__ = [
    "absolute",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "clip",
    "concat",
    "concatenate",
    "divide",
    "fix",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "moveaxis",
    "multiply",
    "negative",
    "not_equal",
    "subtract",
    "swapdims",
    "true_divide",
]
