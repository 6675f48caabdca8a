"""PyTorch's second names for functions it has already."""

from .questions import (
    ge as greater_equal,
    gt as greater,
    le as less_equal,
    lt as less,
    ne as not_equal,
)
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
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "not_equal",
]
