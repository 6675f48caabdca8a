"""No text of a drawn graph stands on another: each number, pill and card has its box to itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from minidl_widgets import GraphStepper, labels

import minidl
from minidl import nn

from .engines import Value


def example(x, y):
    h = x * y
    return (h + x).tanh() + 2 * y


def diamond(x, y):
    return x * y + x * x


def meeting(*values: Value) -> Value:
    """One value made of many at once, each with a long derivative."""
    parts = tuple((i + 1) * -1.2345e-5 for i in range(len(values)))
    total = sum(v.data * part for v, part in zip(values, parts, strict=True))
    return Value(total, values, parts, "mix")


def fan(a, b, c):
    return meeting(a, b, c) * meeting(b, c, a)


def crowd(a, b):
    return meeting(a, b, a * b, a + b, a * a, b * b, a * 2.0) + meeting(b, a)


def neurons(x1, x2):
    hidden = [(x1 * w + x2 * -w + 0.1).tanh() for w in (0.3, -1.2345e-5, 2.0)]
    return hidden[0] * 0.5 + hidden[1] * 123456.0 + hidden[2] * -0.7


def on_values(f: Callable, **leaves: float) -> GraphStepper:
    return GraphStepper(f, engine=Value, **leaves)


def layers() -> GraphStepper:
    minidl.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    stepper = GraphStepper(lambda x: model(x).sum(), minidl.tensor([[0.5, -1.0]]))
    for node in stepper.scene["nodes"]:
        if node["path"]:
            stepper.unfold(node["path"])
    return stepper


def loss() -> GraphStepper:
    minidl.manual_seed(0)
    model = nn.Linear(3, 4)
    stepper = GraphStepper(
        lambda x, t: nn.functional.cross_entropy(model(x), t),
        x=minidl.randn(5, 3),
        t=minidl.tensor([0, 1, 0, 1, 1]),
    )
    stepper.unfold(stepper.scene["nodes"][-1]["path"])
    return stepper


def product() -> GraphStepper:
    x, y = minidl.tensor([[0.5, 1.0], [0.0, -1.0]]), minidl.tensor([[1.0], [2.0]])
    return GraphStepper(lambda x, y: minidl.exp(x @ y).sum(), x=x, y=y)


GRAPHS = {
    "lesson 01": lambda: on_values(lambda x, y: (x * y + x).tanh(), x=2.0, y=-0.5),
    "lesson 03": product,
    "lesson 04": layers,
    "loss": loss,
    "example": lambda: on_values(example, x=-1.2345e-5, y=-123456.0),
    "diamond": lambda: on_values(diamond, x=-0.33333, y=1.23456),
    "three arrive": lambda: on_values(fan, a=-1.2345e-7, b=-2.3456e-7, c=-3.4567e-7),
    "seven arrive": lambda: on_values(crowd, a=0.12345, b=-1.2345e-5),
    "neurons": lambda: on_values(neurons, x1=-1.2345, x2=0.98765),
    "folded": lambda: on_values(lambda x: sum((x * k for k in range(60)), x), x=0.12345),
}


Rect = tuple[float, float, float, float]  # left, top, width, height
LINE, BORDER = 13.0, 4.0  # of a line of 11 px letters; above and below a pill's text, together


def edge_box(edge: Mapping[str, Any]) -> Rect:
    """The box of an edge's number."""
    (right, base), width = edge["at"], labels.LETTER * len(edge["local"])
    return right - width, base - 10.5, width, LINE


def pill_box(pill: Mapping[str, Any]) -> Rect:
    """The box of a pill."""
    width = labels.LETTER * max(map(len, pill["lines"])) + labels.PAD
    height = LINE * len(pill["lines"]) + BORDER
    return pill["x"] - width / 2, pill["y"] - height / 2, width, height


def apart(a: Rect, b: Rect) -> bool:
    (x, y, w, h), (x2, y2, w2, h2) = a, b
    return x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def clashes(boxes: dict[str, Rect]) -> list[tuple[str, str]]:
    pairs = itertools.combinations(boxes.items(), 2)
    return [(one, other) for (one, a), (other, b) in pairs if not apart(a, b)]


@pytest.mark.parametrize("name", GRAPHS)
def test_no_two_texts_share_a_place(name: str) -> None:
    scene = GRAPHS[name]().scene
    still = {f"card {n['id']}": (n["x"], n["y"], n["w"], n["h"]) for n in scene["nodes"]}
    numbered = [edge for edge in scene["edges"] if edge["local"]]
    still |= {f"edge {edge['id']}": edge_box(edge) for edge in numbered}
    assert clashes(still) == []
    width, height = scene["size"]
    seen = 0
    for step in scene["steps"]:
        pills = {f"{p['kind']} {p['lines']}": pill_box(p) for p in step["pills"]}
        assert clashes(still | pills) == [], step["say"]
        for x, y, w, h in pills.values():
            assert 0 <= x and 0 <= y and x + w <= width and y + h <= height
        seen += len(pills)
    assert seen >= 2


def test_a_long_pill_breaks_before_its_result() -> None:
    def pills(x: float, y: float) -> list[list[str]]:
        scene = on_values(diamond, x=x, y=y).scene
        return [pill["lines"] for step in scene["steps"] for pill in step["pills"]]

    assert ["1 × −1 = −1"] in pills(2.0, -1.0)
    assert ["0.3333 += 0.3333", "→ 0.6667"] in pills(1 / 3, 2.0)
    longest = on_values(lambda x, y: (x * y) * 1.2345e-10, x=-1.2345e-10, y=2.0).scene["steps"]
    assert ["× −1.234e−10", "= −1.524e−20"] in [p["lines"] for s in longest for p in s["pills"]]


def test_a_card_grows_with_the_numbers_that_arrive() -> None:
    nodes = GRAPHS["seven arrive"]().scene["nodes"]
    tall = {node["name"]: node["h"] for node in nodes if node["op"] == "mix"}
    assert sorted(tall.values())[0] == 70 and sorted(tall.values())[-1] > 120
