"""Images in another size, patches and pixels: as functions and as modules."""

from typing import Any

from ..case import Case, Layer, Refused, Trial, ints, real

LINE, IMAGE, VOLUME = real(2, 3, 5), real(2, 3, 4, 5), real(1, 2, 3, 4, 3)


def _tries(x: Any, asked: list[str], mode: str = "") -> list[Trial]:
    mode = f", mode='{mode}'" if mode else ""
    return [Case(f"F.interpolate(x, {option}{mode})", x=x) for option in asked]


_SIZES = ["size=7", "5", "3", "1", "10", "scale_factor=2", "scale_factor=1.6", "scale_factor=0.5"]
_PAIRS = ["(7, 3)", "[2, 5]", "size=(8, 10)", "scale_factor=(2, 0.7)", "scale_factor=[1.5, 3]"]
_RATIOS = [
    f"scale_factor={f}, recompute_scale_factor={r}" for f in (1.7, 0.6) for r in (True, False)
]
_CORNERS = ["7, align_corners=True", "3, align_corners=True", "1, align_corners=True",
            "scale_factor=1.6, align_corners=True", "9, align_corners=False"]  # fmt: skip
_FINE = ["7, antialias=True", "2, antialias=True", "scale_factor=0.4, antialias=True",
         "3, antialias=True, align_corners=True", "(2, 9), antialias=True"]  # fmt: skip
_ODD = [f"{n}" for n in (11, 13, 49, 50, 98)]  # where p * ratio is nearly an integer

_REFUSED: list[tuple[str, str, Any]] = [
    ("", "either size or scale_factor", IMAGE),
    ("2, 2.0", "not both", IMAGE),
    ("(2,)", "size=", IMAGE),
    ("(2, 3, 4)", "size=", IMAGE),
    ("scale_factor=(2,)", "scale_factor=", IMAGE),
    ("0", "size=0", IMAGE),
    ("-1", "size=-1", IMAGE),
    ("2.5", "size must be integers", IMAGE),
    ("scale_factor=0.1", "scale_factor=0.1", IMAGE),
    ("5, mode='cubic'", "mode must be", IMAGE),
    ("5, mode='linear'", "wants 3 dimensions", IMAGE),
    ("5, mode='bilinear'", "wants 4 dimensions", LINE),
    ("5, mode='bicubic'", "wants 4 dimensions", LINE),
    ("5, mode='trilinear'", "wants 5 dimensions", IMAGE),
    ("5", "dimensions", real(3, 5)),
    ("5", "dimensions", real(1, 1, 1, 1, 1, 1)),
    ("5, align_corners=True", "align_corners", IMAGE),
    ("5, mode='area', align_corners=False", "align_corners", IMAGE),
    ("5, antialias=True", "antialias", IMAGE),
    ("5, mode='linear', antialias=True", "antialias", LINE),
    ("5, recompute_scale_factor=True", "recompute_scale_factor", IMAGE),
    ("5", "int64", ints(9, 1, 1, 3, 3)),
    ("5", "may be 0", real(1, 0, 3, 3)),
]

_PATCHES = ["2", "(2, 3)", "2, 2", "kernel_size=2, stride=2", "3, padding=1", "2, 2, 1, (1, 2)"]
_FOLDED: list[tuple[str, tuple[int, ...]]] = [
    ("(4, 5), 2", (2, 8, 12)),
    ("(4, 5), (2, 3), stride=(2, 1)", (2, 12, 6)),
    ("output_size=6, kernel_size=2, dilation=2, padding=1, stride=2", (1, 4, 9)),
    ("(4, 5), 2, padding=1, stride=3", (2, 4, 4)),
    ("(4, 5), 2", (8, 12)),
]

CASES: dict[str, list[Trial]] = {
    "nn.functional.interpolate": [
        *(t for x in (LINE, IMAGE, VOLUME) for t in _tries(x, [*_SIZES, *_RATIOS])),
        *(t for mode in ("nearest-exact", "area") for t in _tries(IMAGE, [*_SIZES, *_PAIRS], mode)),
        *_tries(LINE, [*_SIZES, *_RATIOS, *_CORNERS], "linear"),
        *_tries(IMAGE, [*_SIZES, *_PAIRS, *_RATIOS, *_CORNERS, *_FINE], "bilinear"),
        *_tries(IMAGE, [*_SIZES, *_PAIRS, *_RATIOS, *_CORNERS, *_FINE], "bicubic"),
        *_tries(VOLUME, [*_SIZES, *_CORNERS, "(2, 5, 7)"], "trilinear"),
        *_tries(VOLUME, ["2", "(1, 5, 4)"], "area"),
        *_tries(LINE, ["4", "8"], "nearest-exact"),
        *_tries(real(1, 1, 49), _ODD),
        *_tries(real(1, 1, 49), _ODD, "nearest-exact"),
        *_tries(real(1, 1, 3, 1), ["(5, 4)", "scale_factor=(2, 1.5)"], "bicubic"),
        Case("F.interpolate(input=x, size=None, scale_factor=2, mode='nearest')", x=IMAGE),
        Case("F.interpolate(x, 6)", x=real(0, 3, 4, 5)),
        Case("F.interpolate(x.byte(), (3, 7))", x=ints(99, 1, 2, 4, 5)),
        *(Refused(f"F.interpolate(x, {call})", says=says, x=x) for call, says, x in _REFUSED[1:]),
        Refused("F.interpolate(x)", says=_REFUSED[0][1], x=IMAGE),
    ],
    "nn.functional.unfold": [
        *(Case(f"F.unfold(x, {option})", x=IMAGE) for option in _PATCHES),
        Case("F.unfold(input=x, kernel_size=2)", x=IMAGE[0]),
        Case("F.unfold(x, 2)", x=real(0, 3, 4, 5)),
        *(
            Refused(f"F.unfold(x, {option})", says=says, x=IMAGE)
            for option, says in (
                ("6", "larger"),
                ("3, 2", "dilation"),
                ("0", "kernel_size"),
                ("(2, 2, 2)", "kernel_size"),
                ("2, 0", "dilation"),
                ("2, padding=-1", "padding"),
                ("2, stride=0", "stride"),
            )
        ),
        Refused("F.unfold(x, 2)", says="input must be", x=real(4, 5)),
        Refused("F.unfold(x, 2)", says="int64", x=ints(9, 1, 1, 4, 5)),
    ],
    "nn.functional.fold": [
        *(Case(f"F.fold(x, {option})", x=real(*shape)) for option, shape in _FOLDED),
        Case("F.fold(input=x, output_size=[3, 3], kernel_size=2)", x=real(0, 4, 4)),
        Case("F.fold(F.unfold(x, 2), (4, 5), 2)", x=IMAGE),
        Refused("F.fold(x, (4, 5), 2)", says="multiples of 4", x=real(2, 7, 12)),
        Refused("F.fold(x, (4, 5), 2)", says="4 x 5|3 x 4", x=real(2, 8, 11)),
        Refused("F.fold(x, (4, 5), 2)", says="input must be", x=real(8)),
        Refused("F.fold(x, (4, 5, 6), 2)", says="output_size", x=real(2, 8, 12)),
        Refused("F.fold(x, (4, 0), 2)", says="output_size", x=real(2, 8, 12)),
        Refused("F.fold(x, (1, 1), 2)", says="larger", x=real(2, 8, 12)),
        Refused("F.fold(x, (4, 5), 2, stride=0)", says="stride", x=real(2, 8, 12)),
        Refused("F.fold(x, (4, 5), 2, padding=-1)", says="padding", x=real(2, 8, 12)),
    ],
    "nn.functional.pixel_shuffle": [
        *(Case("F.pixel_shuffle(x, 2)", x=real(*s)) for s in ((8, 3, 2), (2, 4, 2, 3))),
        Case("F.pixel_shuffle(x, 2)", x=real(0, 4, 2, 2), gradient=False),
        Case("F.pixel_shuffle(input=x, upscale_factor=3)", x=real(2, 3, 9, 1, 2)),
        Case("F.pixel_shuffle(x, 1)", x=ints(9, 2, 3, 4)),
        Refused("F.pixel_shuffle(x, 2)", says="upscale_factor=2", x=real(2, 6, 2, 2)),
        Refused("F.pixel_shuffle(x, 0)", says="upscale_factor", x=real(2, 4, 2, 2)),
        Refused("F.pixel_shuffle(x, -2)", says="upscale_factor", x=real(2, 4, 2, 2)),
        Refused("F.pixel_shuffle(x, 2.0)", says="upscale_factor", x=real(2, 4, 2, 2)),
        Refused("F.pixel_shuffle(x, 2)", says="input must be", x=real(4, 4)),
    ],
    "nn.functional.pixel_unshuffle": [
        *(Case("F.pixel_unshuffle(x, 2)", x=real(*s)) for s in ((1, 4, 6), (2, 3, 2, 4))),
        Case("F.pixel_unshuffle(input=x, downscale_factor=3)", x=real(2, 1, 2, 3, 6)),
        Refused("F.pixel_unshuffle(x, 2)", says="downscale_factor=2", x=real(2, 4, 3, 2)),
        Refused("F.pixel_unshuffle(x, 2)", says="downscale_factor=2", x=real(2, 4, 2, 3)),
        Refused("F.pixel_unshuffle(x, 0)", says="downscale_factor", x=real(2, 4, 2, 2)),
        Refused("F.pixel_unshuffle(x, 2)", says="input must be", x=real(4, 4)),
    ],
}


def _layers(name: str, made: list[str], x: Any) -> list[Trial]:
    return [
        *(Layer(f"m.nn.{name}({option})", x=x, second=True) for option in made),
        *(Case(f"str(m.nn.{name}({option}))", kinds=("float32",)) for option in made),
    ]


_UPSAMPLED = ["3", "scale_factor=2", "size=(3, 9)", "scale_factor=(2, 1.5), mode='bilinear'",
              "7, None, 'bicubic', True",
              "scale_factor=1.7, mode='bilinear', recompute_scale_factor=True"]  # fmt: skip
CASES |= {
    "nn.Upsample": [
        *_layers("Upsample", _UPSAMPLED, IMAGE),
        *_layers("Upsample", ["7, mode='linear', align_corners=False"], LINE),
        *_layers("UpsamplingNearest2d", ["(3, 7)", "scale_factor=2"], IMAGE),
        *_layers("UpsamplingBilinear2d", ["7", "scale_factor=(2, 1.5)"], IMAGE),
        *_layers("Upsample", ["(2, 5, 7)", "scale_factor=2, mode='trilinear'"], VOLUME),
        Refused("m.nn.Upsample()(x)", says="scale_factor", x=IMAGE),
        Refused("m.nn.Upsample(3, mode='linear')(x)", says="dimensions", x=IMAGE),
        Refused("m.nn.Upsample(3, align_corners=True)(x)", says="align_corners", x=IMAGE),
    ],
    "nn.Unfold": [
        *_layers("Unfold", _PATCHES, IMAGE),
        Refused("m.nn.Unfold(6)(x)", says="larger", x=IMAGE),
        Refused("m.nn.Unfold()", says="kernel_size"),
    ],
    "nn.Fold": [
        *(trial for option, shape in _FOLDED for trial in _layers("Fold", [option], real(*shape))),
        Refused("m.nn.Fold((4, 5), 2)(x)", says="multiples of 4", x=real(2, 7, 12)),
        Refused("m.nn.Fold(4)", says="kernel_size"),
    ],
    "nn.PixelShuffle": [
        *_layers("PixelShuffle", ["2", "upscale_factor=1"], real(2, 8, 3, 2)),
        Refused("m.nn.PixelShuffle(2)(x)", says="upscale_factor", x=real(2, 6, 2, 2)),
        Refused("m.nn.PixelShuffle()", says="upscale_factor"),
    ],
    "nn.PixelUnshuffle": [
        *_layers("PixelUnshuffle", ["2", "downscale_factor=1"], real(2, 3, 4, 2)),
        Refused("m.nn.PixelUnshuffle(2)(x)", says="downscale_factor", x=real(2, 6, 3, 2)),
        Refused("m.nn.PixelUnshuffle()", says="downscale_factor"),
    ],
}
