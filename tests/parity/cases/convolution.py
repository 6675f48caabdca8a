"""Convolutions, as functions and as modules."""

from typing import Any

import numpy as np

from ..case import Case, Refused, Trial, ints, real

LINE: dict[str, Any] = {"x": real(2, 4, 7), "w": real(6, 4, 3), "b": real(6)}
IMAGE: dict[str, Any] = {"x": real(2, 4, 6, 5), "w": real(6, 4, 3, 2), "b": real(6)}
VOLUME: dict[str, Any] = {"x": real(1, 2, 4, 3, 4), "w": real(4, 2, 2, 2, 3), "b": real(4)}
SPLIT: dict[str, Any] = {"x": real(2, 4, 6, 5), "w": real(6, 2, 3, 2), "b": real(6)}
DEPTH: dict[str, Any] = {"x": real(2, 4, 6, 5), "w": real(4, 1, 3, 3)}


def _conv(n: int, options: list[str], inputs: dict[str, Any]) -> list[Trial]:
    """One trial per way to call F.conv{n}d."""
    return [Case(f"F.conv{n}d(x, w, b{option})", **inputs) for option in options]


def _refused(name: str, call: str, says: str, x: Any, w: Any, **more: Any) -> Refused:
    return Refused(f"F.{name}(x, w{call})", says=says, x=x, w=w, **more)


def _refusals(n: int) -> list[Trial]:
    """What every convolution of n dimensions refuses."""
    name, x, w = f"conv{n}d", real(2, 4, *(5,) * n), real(6, 4, *(3,) * n)
    return [
        _refused(name, "", "channels", real(2, 3, *(5,) * n), w),
        _refused(name, "", "channels come before", real(2, *(5,) * n, 4), w),
        _refused(name, "", r"unsqueeze\(1\)", real(8, *(5,) * n), real(6, 1, *(3,) * n)),
        _refused(name, "", r"unsqueeze\(0\)", real(*(5,) * n), real(6, 1, *(3,) * n)),
        _refused(name, "", "larger than input", real(2, 4, *(2,) * n), w),
        _refused(name, ", dilation=3", "dilation", x, w),
        _refused(name, "", "input must be", real(*(5,) * n), w),
        _refused(name, "", "weight must be", x, real(6, 4, *(3,) * (n - 1))),
        _refused(name, ", groups=4", "groups", x, w),
        _refused(name, ", groups=0", "groups", x, w),
        _refused(name, ", stride=0", "stride", x, w),
        _refused(name, ", padding=-1", "padding", x, w),
        _refused(name, ", dilation=0", "dilation", x, w),
        _refused(name, ", padding='full'", "padding", x, w),
        _refused(name, ", padding='same', stride=2", "stride", x, w),
        _refused(name, f", stride={(1,) * (n + 1)}", "stride", x, w),
        _refused(name, ", stride=1.5", "stride", x, w),
        _refused(name, ", b", "bias", x, w, b=real(5)),
        _refused(name, ", b", "bias", x, w, b=real(6, 1)),
        _refused(name, "", "bool|real numbers", np.ones((2, 4, *(5,) * n), bool), w),
        Refused(f"F.{name}(x, w.double())", says="float64", x=x, w=w),
        Refused(f"F.{name}(x, w, b.double())", says="bias", x=x, w=w, b=real(6)),
        Refused(f"F.{name}(x, 3)", says="weight", x=x),
        Refused(f"F.{name}(3, w)", says="input", w=w),
    ]


_LINES = [
    "",
    ", 2",
    ", stride=2, padding=1",
    ", padding=2, dilation=2",
    ", padding='same'",
    ", 1, 'valid'",
    ", padding='same', dilation=2",
    ", (3,), (1,), (2,)",
]
_IMAGES = [
    "",
    ", 2, 1",
    ", stride=(1, 2), padding=(2, 0)",
    ", padding=2, dilation=(2, 3)",
    ", padding='same'",
    ", padding='valid', stride=2",
    ", stride=3",
    ", (2, 1), (1, 1), (1, 2), 1",
]

CASES: dict[str, list[Trial]] = {
    "nn.functional.conv1d": [
        *_conv(1, _LINES, LINE),
        Case("F.conv1d(input=x, weight=w, bias=None, groups=1)", x=LINE["x"], w=LINE["w"]),
        Case("F.conv1d(x, w, groups=2)", x=real(2, 4, 7), w=real(6, 2, 3)),
        Case("F.conv1d(x, w, None, 2, 1, 2, 4)", x=real(2, 4, 7), w=real(4, 1, 2)),
        Case("F.conv1d(x, w)", x=real(4, 7), w=real(6, 4, 3)),
        Case("F.conv1d(x, w, b, padding=3)", x=real(4, 1), w=real(6, 4, 3), b=real(6)),
        Case("F.conv1d(x, w)", x=real(2, 4, 3), w=real(6, 4, 3)),
        Case("F.conv1d(x, w)", x=real(0, 4, 5), w=real(6, 4, 3)),
        Case("F.conv1d(x, w)", x=ints(9, 2, 4, 5), w=ints(9, 6, 4, 3)),
        *_refusals(1),
    ],
    "nn.functional.conv2d": [
        *_conv(2, _IMAGES, IMAGE),
        *_conv(2, [", groups=2", ", 2, 1, 1, 2", ", padding='same', groups=2"], SPLIT),
        Case("F.conv2d(x, w, groups=4, padding=1)", **DEPTH),
        Case("F.conv2d(x, w, groups=4, stride=2)", x=real(2, 4, 6, 5), w=real(8, 1, 1, 1)),
        Case("F.conv2d(input=x, weight=w, dilation=2)", x=IMAGE["x"], w=IMAGE["w"]),
        Case("F.conv2d(x, w, b)", x=real(4, 6, 5), w=IMAGE["w"], b=IMAGE["b"]),
        Case("F.conv2d(x, w)", x=real(0, 4, 6, 5), w=IMAGE["w"]),
        Case("F.conv2d(x, w)", x=real(1, 1, 1, 1), w=real(1, 1, 1, 1)),
        Case("F.conv2d(x, w)", x=real(3, 4, 3, 2), w=IMAGE["w"]),
        Case("F.conv2d(x, w)", x=ints(9, 2, 4, 5, 5), w=ints(9, 6, 4, 3, 3)),
        Case("F.conv2d(x, w.detach())", x=IMAGE["x"], w=IMAGE["w"]),
        Case("F.conv2d(x.detach(), w)", x=IMAGE["x"], w=IMAGE["w"]),
        Case("F.relu(F.conv2d(x, w)).view(2, -1)", x=IMAGE["x"], w=IMAGE["w"], strided=False),
        *_refusals(2),
    ],
    "nn.functional.conv3d": [
        *_conv(3, ["", ", 2", ", padding=1", ", (1, 2, 1), (1, 0, 2)", ", padding='same'"], VOLUME),
        Case("F.conv3d(x, w, groups=2)", x=VOLUME["x"], w=real(4, 1, 2, 2, 2)),
        Case("F.conv3d(x, w, dilation=2)", x=real(2, 3, 3, 4), w=real(4, 2, 2, 2, 2)),
        *_refusals(3),
    ],
}
