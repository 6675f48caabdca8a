"""Activations, as functions and as modules."""

from typing import Any

from ..case import Case, Layer, Refused, Trial, real

X: dict[str, Any] = {"x": real(3, 5)}

CASES: dict[str, list[Trial]] = {
    "nn.functional.relu": [
        Case("F.relu(x)", **X),
        Case("F.relu(input=x, inplace=False)", x=real()),
    ],
    "nn.Softmax": [Layer("m.nn.Softmax(dim=1)", **X), Layer("m.nn.Softmax(-1)", x=real(4))],
    "nn.functional.softmax": [
        Case("F.softmax(x, dim=-1)", **X),
        Refused("F.softmax(x, dim=2)", says="dim", **X),
    ],
}
