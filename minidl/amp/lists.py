"""Which primitives a region of `autocast` runs in half precision, and which in float32.

PyTorch's lists, of which each kind of device has its own. Functions composed of these primitives
follow from them; those that PyTorch lists by their own name are marked where they stand, with
`precision.in_single` or `in_half`.

Source: PyTorch documentation, "Automatic Mixed Precision package", section Autocast Op Reference.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from ..precision import to_half, to_single

# Products of matrices, convolutions, attention, recurrent layers: most of the work, and safe.
HALF = (
    "matmul", "linear", "affine", "conv", "bordered_conv", "conv_transpose",
    "attention", "attention_weights", "lstm_layer", "lstm_steps",
)  # fmt: skip

# What overflows or loses too many digits on a card; a processor has none of these on its list.
SINGLE_ON_CARDS = (
    "softmax", "log_softmax", "layer_norm", "sum", "cumsum", "exp", "expm1", "log", "log2", "log10",
    "log1p", "pow", "acos", "asin", "cosh", "sinh", "tan",
)  # fmt: skip


@cache
def rules() -> dict[str, Callable[[Any], Any]]:
    """What is done to each input of a primitive, by its name."""
    found: dict[str, Callable[[Any], Any]] = {name: to_half for name in HALF}
    return found | dict.fromkeys(SINGLE_ON_CARDS, lambda x: to_single(x, ("cuda",)))
