"""Which primitives a region of `autocast` runs in half precision, and which in float32.

PyTorch's lists, of which each kind of device has its own. Functions composed of these primitives
follow from them; those that PyTorch lists by their own name are marked where they stand, with
`precision.in_single`.

Source: PyTorch documentation, "Automatic Mixed Precision package", section Autocast Op Reference.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from ..precision import here, to_half, to_single

# Products of matrices, convolutions, attention, recurrent layers: most of the work, and safe.
HALF = (
    "matmul", "linear", "affine", "conv", "bordered_conv", "conv_transpose",
    "attention", "attention_weights", "lstm_steps",
)  # fmt: skip

# What overflows or loses too many digits. A card runs more of it in float32 than a processor does.
SINGLE = {
    "cpu": ("surprise",),
    "cuda": (
        "surprise", "softmax", "log_softmax", "layer_norm", "sum", "cumsum",
        "exp", "expm1", "log", "log2", "log10", "log1p", "pow", "acos", "asin", "cosh", "sinh",
        "tan",
    ),
}  # fmt: skip


@cache
def rules() -> dict[str, Callable[[Any], Any]]:
    """What is done to each input of a primitive, by its name."""
    found: dict[str, Callable[[Any], Any]] = {}
    for name in {name for names in SINGLE.values() for name in names}:
        devices = tuple(device for device, names in SINGLE.items() if name in names)
        found[name] = _single_on(devices)
    found |= dict.fromkeys(HALF, to_half)
    return found


def _single_on(devices: tuple[str, ...]) -> Callable[[Any], Any]:
    def rule(x: Any) -> Any:
        return to_single(x) if any(device in here.kinds for device in devices) else x

    return rule
