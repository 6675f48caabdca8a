"""Transposed convolutions, and convolutions as modules."""

from typing import Any

from ..case import Case, Layer, Refused, Trial, ints, real

LINE: dict[str, Any] = {"x": real(2, 4, 5), "w": real(4, 6, 3), "b": real(6)}
IMAGE: dict[str, Any] = {"x": real(2, 4, 3, 4), "w": real(4, 6, 3, 2), "b": real(6)}
SPLIT: dict[str, Any] = {"x": real(2, 4, 3, 4), "w": real(4, 3, 3, 2), "b": real(6)}


def _refusals(n: int) -> list[Trial]:
    """What every transposed convolution of n dimensions refuses."""
    call, x, w = f"F.conv_transpose{n}d(x, w", real(2, 4, *(3,) * n), real(4, 6, *(3,) * n)
    bad: list[tuple[str, str]] = [
        (", output_padding=1", "output_padding"),
        (", stride=2, output_padding=2", "output_padding"),
        (", output_padding=-1", "output_padding"),
        (", padding=-1", "padding"),
        (", padding=3", "padding"),
        (", stride=0", "stride"),
        (", dilation=0", "dilation"),
        (", groups=3", "groups"),
        (", groups=0", "groups"),
        (f", stride={(1,) * (n + 1)}", "stride"),
        (", padding='same'", "padding"),
    ]
    return [
        *(Refused(f"{call}{option})", says=says, x=x, w=w) for option, says in bad),
        Refused(f"{call})", says="channels", x=real(2, 6, *(3,) * n), w=w),
        Refused(f"{call})", says="channels come before", x=real(2, *(3,) * n, 4), w=w),
        Refused(f"{call})", says="input must be", x=real(*(3,) * n), w=w),
        Refused(f"{call})", says="weight must be", x=x, w=real(4, 6, *(3,) * (n + 1))),
        Refused(f"{call}, b)", says="bias", x=x, w=w, b=real(4)),
        Refused(f"{call}.double())", says="float64", x=x, w=w),
    ]


def _layers(name: str, options: list[str], **inputs: Any) -> list[Trial]:
    return [Layer(f"m.nn.{name}({option})", **inputs) for option in options]


def _shown(name: str, options: list[str]) -> list[Trial]:
    """How modules show themselves."""
    return [Case(f"str(m.nn.{name}({option}))", kinds=("float32",)) for option in options]


_WRONG = [
    ("3, 4, 3, groups=2", "groups"),
    ("4, 3, 3, groups=2", "groups"),
    ("4, 4, 3, groups=0", "groups"),
    ("4, 4, 3, padding_mode='mirror'", "padding_mode"),
]


def _wrong(name: str, *more: tuple[str, str]) -> list[Trial]:
    return [Refused(f"m.nn.{name}({option})", says=says) for option, says in (*_WRONG, *more)]


_LINES = [
    "",
    ", 2",
    ", stride=2, padding=1",
    ", stride=3, output_padding=2",
    ", dilation=2, padding=2",
    ", 2, 1, 1, 1, 2",
    ", dilation=3, output_padding=2",
]
_IMAGES = [
    "",
    ", 2, 1",
    ", stride=(1, 2), padding=(2, 0)",
    ", stride=2, output_padding=(1, 0)",
    ", dilation=(2, 3)",
    ", 3, 1, 2",
    ", (2, 1), (1, 1), (1, 0), 1, (1, 2)",
]
_OPTIONS = [
    "4, 6, 3",
    "4, 6, 3, 2, 1",
    "4, 6, kernel_size=2, padding='same'",
    "4, 6, 3, padding='valid', bias=False",
    "4, 6, 2, dilation=2, groups=2",
    "in_channels=4, out_channels=4, kernel_size=3, groups=4, padding=1, padding_mode='zeros'",
    "4, 6, 3, padding=2, padding_mode='reflect'",
    "4, 6, 3, padding=1, padding_mode='replicate', stride=2",
    "4, 6, 3, padding=2, padding_mode='circular'",
    "4, 6, 2, padding='same', padding_mode='circular'",
]
_TRANSPOSED = [
    "4, 6, 3",
    "4, 6, 3, 2, 1",
    "4, 6, 3, stride=2, padding=1, output_padding=1",
    "4, 6, 2, groups=2, bias=False",
    "4, 6, 2, dilation=2",
    "in_channels=4, out_channels=2, kernel_size=4, stride=2, padding=1, padding_mode='zeros'",
]
_STRINGS = [("4, 4, 3, padding='full'", "padding"), ("4, 4, 3, 2, padding='same'", "stride")]

CASES: dict[str, list[Trial]] = {
    "nn.functional.conv_transpose1d": [
        *(Case(f"F.conv_transpose1d(x, w, b{option})", **LINE) for option in _LINES),
        Case("F.conv_transpose1d(input=x, weight=w, groups=2)", x=real(2, 4, 5), w=real(4, 2, 3)),
        Case("F.conv_transpose1d(x, w)", x=real(4, 5), w=real(4, 6, 3)),
        Case("F.conv_transpose1d(x, w)", x=real(0, 4, 5), w=real(4, 6, 3)),
        Case("F.conv_transpose1d(x, w, stride=4)", x=real(1, 4, 1), w=real(4, 6, 2)),
        *_refusals(1),
    ],
    "nn.functional.conv_transpose2d": [
        *(Case(f"F.conv_transpose2d(x, w, b{option})", **IMAGE) for option in _IMAGES),
        Case("F.conv_transpose2d(x, w, b, groups=2)", **SPLIT),
        Case("F.conv_transpose2d(x, w, b, 2, 1, 1, 2)", **SPLIT),
        Case("F.conv_transpose2d(x, w, b)", x=real(4, 3, 4), w=IMAGE["w"], b=IMAGE["b"]),
        Case("F.conv_transpose2d(x, w)", x=real(0, 4, 3, 4), w=IMAGE["w"]),
        Case("F.conv_transpose2d(x, w, None, 2, 1).view(2, -1)", x=IMAGE["x"], w=IMAGE["w"]),
        Case("F.conv_transpose2d(x, w)", x=ints(9, 2, 4, 3, 3), w=ints(9, 4, 6, 3, 3)),
        *_refusals(2),
    ],
    "nn.Conv1d": [
        *_layers("Conv1d", _OPTIONS, x=real(2, 4, 7)),
        Layer("m.nn.Conv1d(4, 6, 3)", x=real(4, 7), second=True),
        *_shown("Conv1d", [*_OPTIONS, "1, 2, 3, 2, (1,), (2,)"]),
        *_wrong("Conv1d", *_STRINGS),
    ],
    "nn.Conv2d": [
        *_layers("Conv2d", [*_OPTIONS, "4, 6, (3, 2), (1, 2), (1, 0)"], x=real(2, 4, 6, 5)),
        *_layers("Conv2d", ["4, 6, (3, 2), padding=(2, 1), padding_mode='reflect'"],
                 x=real(4, 6, 5)),
        *_shown("Conv2d", [*_OPTIONS, "1, 2, (3, 2), (2, 1), (0, 1), 2, bias=False"]),
        *_wrong("Conv2d", *_STRINGS),
        Refused("m.nn.Conv2d(3, 4, 3)(x)", says="channels", x=real(2, 4, 5, 5)),
        Refused("m.nn.Conv2d(3, 4, (3, 3, 3))(x)", says="kernel_size", x=real(2, 3, 5, 5)),
    ],
    "nn.Conv3d": [
        *_layers("Conv3d", _OPTIONS, x=real(1, 4, 4, 3, 5)),
        *_shown("Conv3d", _OPTIONS[:4]),
        *_wrong("Conv3d", *_STRINGS),
    ],
    "nn.ConvTranspose1d": [
        *_layers("ConvTranspose1d", _TRANSPOSED, x=real(2, 4, 5)),
        Layer("m.nn.ConvTranspose1d(4, 6, 3, 2)", call="net(x, output_size=[12])", x=real(2, 4, 5)),
        *_shown("ConvTranspose1d", _TRANSPOSED),
        *_wrong("ConvTranspose1d", ("4, 4, 3, padding_mode='circular'", "padding_mode")),
    ],
    "nn.ConvTranspose2d": [
        *_layers("ConvTranspose2d", _TRANSPOSED, x=real(2, 4, 3, 4)),
        *(
            Layer("m.nn.ConvTranspose2d(4, 6, 3, 2, 1)", call=f"net(x, {size})", x=real(2, 4, 3, 4))
            for size in ("(5, 8)", "output_size=[6, 7]", "(2, 6, 6, 7)", "output_size=(5, 7)")
        ),
        *_shown("ConvTranspose2d", _TRANSPOSED),
        *_wrong("ConvTranspose2d", ("4, 4, 3, padding_mode='reflect'", "padding_mode")),
        *(
            Refused(f"m.nn.ConvTranspose2d(4, 6, 3, 2, 1)(x, {size})", says="output_size",
                    x=real(2, 4, 3, 4))
            for size in ("(4, 8)", "(5, 9)", "(5,)", "(5, 8, 9)")
        ),
        Refused("m.nn.ConvTranspose2d(3, 4, 3)(x)", says="channels", x=real(2, 4, 5, 5)),
    ],
}
