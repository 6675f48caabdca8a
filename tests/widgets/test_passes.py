"""Pictures of the compiler's passes: well-formed, what goes and what is new, and large graphs."""

import xml.etree.ElementTree as xml

from minidl_widgets import Passes
from minidl_widgets.passes import svg

import minidl
from minidl import nn
from minidl.compiler import trace

SPACE = "{http://www.w3.org/2000/svg}"


def words(picture: str) -> list[str]:
    return [text.text or "" for text in xml.fromstring(picture).iter(f"{SPACE}text")]


def cards(picture: str, kind: str) -> int:
    kinds = [box.get("class", "").split() for box in xml.fromstring(picture).iter(f"{SPACE}rect")]
    return sum(kind in names for names in kinds)


def test_a_graph_shows_its_calls_constants_and_shapes():
    graph = trace(lambda x, w: (x @ w * 2).relu())(minidl.ones(2, 3), minidl.ones(3, 4))
    shown = words(svg(graph))
    for word in ("input 0", "input 1", "2×3", "matmul", "mul", "2", "relu", "2×4"):
        assert word in shown


def test_each_pass_that_changes_something_has_a_picture_with_what_goes_and_what_is_new():
    pictures = Passes(lambda x, y: x * 1 + x**2 + (-y), *[minidl.ones(2, 3)] * 2)
    assert [name for name, _ in pictures.stages] == ["traced", "algebra", "unused"]
    before, after, last = pictures.svgs()
    assert cards(before, "gone") == 3 and cards(before, "new") == 0
    assert cards(after, "gone") == 1 and cards(after, "new") == 2
    assert cards(last, "gone") == cards(last, "new") == 0
    html = pictures._repr_html_()
    assert "algebra: 4 calls" in html and html.count("<svg") == 3


def test_a_large_graph_is_told_in_numbers():
    def deep(x):
        for _ in range(200):
            x = x.tanh()
        return x

    (shown,) = words(svg(trace(deep)(minidl.ones(2))))
    assert "200 calls" in shown


def test_a_training_step_and_odd_graphs_can_be_drawn():
    model = nn.Sequential(nn.Linear(3, 4), nn.GELU(), nn.Linear(4, 2))
    slope = minidl.grad(lambda x: model(x).sum())
    assert len(Passes(slope, minidl.ones(5, 3)).svgs()) > 2
    xml.fromstring(svg(trace(lambda x: x)(minidl.ones(2))))
    xml.fromstring(svg(trace(lambda x: minidl.ones(2))(minidl.ones(2))))
