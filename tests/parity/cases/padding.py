"""Borders, as functions and as modules."""

from typing import Any

import numpy as np

from ..case import Case, Layer, Refused, Trial, bools, ints, real

LINE, IMAGE, VOLUME = real(2, 3, 5), real(2, 3, 4, 5), real(1, 2, 3, 4, 5)
MODES = ("reflect", "replicate", "circular")


def _widths(widths: list[Any], x: np.ndarray, more: str = "", **how: Any) -> list[Trial]:
    return [Case(f"F.pad(x, {w}{more})", x=x, **how) for w in widths]


def _borders(mode: str) -> list[Trial]:
    """The same widths in every mode that takes its border from the input."""
    asked = f", mode='{mode}'"
    return [
        *_widths([(1, 2), (0, 3), (4, 0), (-1, 2), (2, -1), (-2, -1), (0, 0)], LINE, asked),
        *_widths([(1, 2, 3, 0), (0, 1, -1, 2), [2, 2, 1, 1], (1, 1, 0, -2)], IMAGE, asked),
        *_widths([(1, 2, 3, 0, 1, 2), (-1, 2, 0, 0, 0, 1)], VOLUME, asked),
        *_widths([(1, 2)], real(3, 5), asked),
        *_widths([(1, 2, 0, 1)], real(3, 4, 5), asked),
        *_widths([(1, 2, 0, 1, 1, 1)], real(2, 3, 4, 5), asked),
        Case(f"F.pad(x, (1, 1), '{mode}')", x=ints(9, 2, 3, 4)),
        Case(f"F.pad(input=x, pad=(2, 1), mode='{mode}', value=None)", x=real(0, 3, 4)),
        Refused(f"F.pad(x, (6, 0), '{mode}', 1.0)", says="value", x=LINE),
        Refused(f"F.pad(x, (1, 1), '{mode}')", says="pad", x=real(5)),
        Refused(f"F.pad(x, (1, 1), '{mode}')", says="pad", x=IMAGE),
        Refused(f"F.pad(x, (1, 1, 1, 1), '{mode}')", says="pad", x=real(4, 5)),
        Refused(f"F.pad(x, (1,), '{mode}')", says="pad", x=LINE),
        Refused(f"F.pad(x, 1, '{mode}')", says="pad", x=LINE),
    ]


_REFUSED = [
    ("(1,)", "two widths"),
    ("(1, 1, 1)", "two widths"),
    ("(1,) * 8", "names 4 dimensions"),
    ("(-6, 0)", "cuts more away"),
    ("(-3, -3)", "cuts more away"),
    ("1", "pad must be"),
    ("(1.5, 1)", "pad must be"),
    ("(1, 1), 'mirror'", "mode must be"),
    ("(5, 0), 'reflect'", "reflect"),
    ("(0, 5), mode='reflect'", "reflect"),
    ("(6, 0), 'circular'", "circular"),
]

CASES: dict[str, list[Trial]] = {
    "nn.functional.pad": [
        *_widths([(1, 2), (0, 3), (-1, 2), (-2, -3), (0, 0), (), (1, 2, 3, 0), [1, 1]], LINE),
        *_widths([(1, 2, -1, 0, 2, 1), (0, 0, 0, 0, 1, 1)], LINE),
        *_widths([(1, 2), (-1, 1, 0, 2)], LINE, ", value=1.5"),
        *_widths([(1, 2)], LINE, ", value=float('-inf')", second=False),
        *_widths([(1, 2, 0, 1)], LINE, ", 'constant', -2"),
        Case("F.pad(input=x, pad=(1, 1), mode='constant', value=0)", x=real(3)),
        Case("F.pad(x, ())", x=real()),
        *(
            Case(f"F.pad(x, (-1, {after}), {mode!r}).view(-1)", x=LINE, strided=False)
            for mode in ("constant", *MODES)
            for after in (-1, 1)
        ),
        Case("F.pad(x, (1, 1))", x=real(2, 0)),
        Case("F.pad(x, (1, 1), value=3.7)", x=ints(9, 2, 3)),
        Case("F.pad(x, (1, 1), value=1)", x=bools(2, 3)),
        *(trial for mode in MODES for trial in _borders(mode)),
        *(Refused(f"F.pad(x, {call})", says=says, x=LINE) for call, says in _REFUSED),
    ],
}


def _layers(name: str, made: list[str], x: np.ndarray, says: str) -> list[Trial]:
    return [
        *(Layer(f"m.nn.{name}({option})", x=x, second=True) for option in made),
        *(Case(f"str(m.nn.{name}({option}))", kinds=("float32",)) for option in made),
        Layer(f"m.nn.{name}({made[0]})", x=x[0]),
        Refused(f"m.nn.{name}({says})(x)", says="pad", x=x),
        Refused(f"m.nn.{name}()", says="padding"),
    ]


_INPUTS = {1: LINE, 2: IMAGE}
_PADS = {1: ["1", "(2, 1)", "padding=(0, 3)", "(-1, 2)"], 2: ["1", "(2, 1, 0, 3)", "(1, -1, 2, 0)"]}
for _n, _x in _INPUTS.items():
    _constants = [f"{widths}, value={len(widths) / 2}" for widths in _PADS[_n]]
    CASES[f"nn.ConstantPad{_n}d"] = [
        *_layers(f"ConstantPad{_n}d", _constants, _x, "(1, 1, 1), 0.0"),
        Layer(f"m.nn.ConstantPad{_n}d(2, -1)", x=_x),
    ]
    for _kind, _bad in (("Reflection", "9"), ("Replication", "(1, 1, 1)"), ("Circular", "9")):
        CASES[f"nn.{_kind}Pad{_n}d"] = _layers(f"{_kind}Pad{_n}d", _PADS[_n], _x, _bad)
CASES["nn.ZeroPad2d"] = _layers("ZeroPad2d", _PADS[2], IMAGE, "(1, 1, 1)")
