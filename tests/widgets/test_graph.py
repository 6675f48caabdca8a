"""The graph stepper without a page: messages in, traits out, and the picture for paper."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as xml

import pytest
from minidl_widgets import GraphStepper
from minidl_widgets.drawing import finished
from minidl_widgets.layout import place

import minidl
from minidl import nn

from .engines import Assigns, Forgetful, Micro, Unfinished, Value


def diamond(x, y):
    h = x * y
    return h + x


def tell(stepper: GraphStepper, message: dict) -> None:
    """What the page sends, as anywidget hands it on."""
    stepper._handle_custom_msg(message, [])


def grads(stepper: GraphStepper) -> dict[str, str]:
    found = finished(stepper.scene)[1]
    return {n["name"]: found[n["id"]] for n in stepper.scene["nodes"] if n["id"] in found}


# -- the story ---------------------------------------------------------------------------------


def test_the_walk_in_words():
    assert GraphStepper(diamond, engine=Value, x=2.0, y=-1.0).story() == [
        "Ready: 2 leaves and 2 operations. Step forward to compute the first.",
        "h = x × y = 2 × −1 = −2.",
        "diamond = h + x = −2 + 2 = 0.",
        "Backward begins: the gradient of diamond with respect to itself is 1.",
        "From diamond back to h: incoming 1 × local 1 = 1. The gradient of h is 1.",
        "From diamond back to x: incoming 1 × local 1 = 1. The gradient of x is 1.",
        "From h back to x: incoming 1 × local −1 = −1. Paths meet: 1 += −1 gives 0.",
        "From h back to y: incoming 1 × local 2 = 2. The gradient of y is 2.",
        "Done. Gradients: x 0, y 2.",
    ]


def test_minidl_tells_the_same_story():
    theirs = GraphStepper(diamond, engine=Value, x=2.0, y=-1.0).story()
    assert GraphStepper(diamond, x=2.0, y=-1.0).story() == theirs


def test_a_step_says_what_changes():
    steps = GraphStepper(diamond, engine=Value, x=2.0, y=-1.0).scene["steps"]
    meeting = steps[6]
    assert meeting["phase"] == "backward"
    assert (meeting["product"], meeting["sum"]) == ("1 × −1 = −1", "1 += −1 → 0")
    assert meeting["grads"] == {"n0": "0"} and not meeting["first"]


@pytest.mark.parametrize("engine", [Value, Micro, None])
def test_gradients_are_right(engine):
    def f(x, y):
        return (x * y + x * x).tanh() + y**3

    found = grads(GraphStepper(f, engine=engine, x=0.3, y=-0.7))
    x, y, slope = 0.3, -0.7, 1 - math.tanh(0.3 * -0.7 + 0.09) ** 2
    assert found["x"].replace("−", "-") == f"{slope * (y + 2 * x):.4g}"
    assert found["y"].replace("−", "-") == f"{slope * x + 3 * y * y:.4g}"


def test_local_derivatives_that_nobody_wrote_are_nudged_and_say_so():
    stepper = GraphStepper(diamond, engine=Micro, x=2.0, y=-1.0)
    assert "local −1 (found by a nudge)" in stepper.story()[6]


def test_names_lines_and_constants():
    nodes = GraphStepper(lambda x: 3 * x + 1, engine=Value, x=2.0).scene["nodes"]
    assert {n["name"]: n["kind"] for n in nodes} == {
        "x": "leaf", "3": "constant", "1": "constant", "v1": "value", "out": "result",
    }  # fmt: skip
    where = {n["name"]: n["where"] for n in GraphStepper(diamond, x=2.0, y=1.0).scene["nodes"]}
    assert where["h"].startswith("test_graph.py, line") and where["h"].endswith("h = x * y")


def test_one_value_used_twice_by_one_operation_has_two_edges():
    stepper = GraphStepper(lambda x: x * x, engine=Value, x=3.0)
    assert len(stepper.scene["edges"]) == 2
    assert "Paths meet: 3 += 3 gives 6." in stepper.story()[-2]


# -- three ways to a gradient ------------------------------------------------------------------


def test_three_ways_agree():
    for engine in (Value, None):
        stepper = GraphStepper(diamond, engine=engine, x=2.0, y=-1.0)
        row = stepper.scene["leaves"][1]
        assert (row["paths"], row["own"], row["nudge"], row["verdict"]) == ("2", "2", "2", "")
        assert stepper.scene["agreed"].endswith("backward() and the nudge agree.")


def test_an_assignment_in_backward_is_found_out():
    stepper = GraphStepper(diamond, engine=Assigns, x=2.0, y=3.0)
    row = stepper.scene["leaves"][0]
    assert (row["paths"], row["nudge"]) == ("4", "4") and row["own"] != "4"
    assert "with +=" in stepper.scene["notice"]


def test_a_wrong_local_derivative_is_found_out():
    stepper = GraphStepper(lambda x, y: x * y, engine=Forgetful, x=2.0, y=3.0)
    assert "A local derivative on a path to x is off" in stepper.scene["notice"]


# -- asking ------------------------------------------------------------------------------------


def test_a_leaf_is_edited_by_message():
    stepper = GraphStepper(diamond, engine=Value, x=2.0, y=-1.0)
    stepper.step = 4
    tell(stepper, {"type": "edit", "leaf": "x", "value": 5})
    assert stepper.step == 4
    assert stepper.story()[1] == "h = x × y = 5 × −1 = −5."
    assert grads(stepper)["y"] == "5"


def test_every_answer_is_a_change():
    stepper = GraphStepper(diamond, engine=Value, x=2.0, y=-1.0)
    heard = []
    stepper.observe(heard.append, "scene")
    tell(stepper, {"type": "edit", "leaf": "x", "value": 2.0})
    assert len(heard) == 1


def test_nonsense_is_ignored():
    stepper = GraphStepper(diamond, engine=Value, x=2.0, y=-1.0)
    before = stepper.scene
    for message in ({}, {"type": "edit"}, {"type": "edit", "leaf": "x", "value": "2"}, {"a": 1}):
        tell(stepper, message)
    assert stepper.scene is before
    with pytest.raises(KeyError, match="no number named 'z' to change here; there is: x, y"):
        stepper.edit("z", 1.0)


def test_a_shorter_story_pulls_the_step_back():
    stepper = GraphStepper(lambda x: x * x if x.data > 0 else x + 0, engine=Value, x=1.0)
    stepper.step = len(stepper.story()) - 1
    stepper.edit("x", -1.0)
    assert stepper.step == len(stepper.story()) - 1


# -- code that stops ---------------------------------------------------------------------------


def test_unfinished_code_leaves_what_there_was():
    def f(x, y):
        h = x + y
        return h * x

    stepper = GraphStepper(f, engine=Unfinished, x=1.0, y=2.0)
    assert [n["name"] for n in stepper.scene["nodes"]] == ["x", "y", "h"]
    last = stepper.scene["steps"][-1]
    assert last["phase"] == "stopped"
    assert "return h * x. NotImplementedError: 01.mul: write the product here" in last["say"]
    assert Unfinished.__init__.__qualname__ == "Unfinished.__init__", "the class is as it was"


def test_an_unfinished_backward_is_told():
    stepper = GraphStepper(lambda x: x + x, engine=Unfinished, x=1.0)
    assert "does not run yet (NotImplementedError)" in stepper.scene["notice"]
    assert grads(stepper)["x"] == "2"


def test_a_shape_error_draws_the_partial_graph():
    def f(x):
        h = x * 2
        return h @ minidl.zeros(4, 4)

    stepper = GraphStepper(f, minidl.ones(2, 3))
    assert [n["name"] for n in stepper.scene["nodes"]] == ["x", "2", "h"]
    problem = stepper.scene["problem"]
    assert "return h @ minidl.zeros(4, 4). ShapeError" in problem and "(2, 3) @ (4, 4)" in problem


@pytest.mark.parametrize("result", [None, 3.0])
def test_a_function_that_returns_no_value(result):
    stepper = GraphStepper(lambda x: result, engine=Value, x=1.0)
    assert stepper.scene["problem"].startswith("The function returned")
    assert "<svg" in stepper._repr_mimebundle_()[0]["image/svg+xml"]


def test_what_was_asked_wrongly_is_answered_in_a_sentence():
    assert "at least one leaf" in GraphStepper(lambda: 1.0).scene["problem"]
    missing = GraphStepper(diamond, engine=Value, x=1.0).scene["problem"]
    assert "missing 1 required positional argument: 'y'" in missing
    with pytest.raises(TypeError, match="engine must be the class itself"):
        GraphStepper(diamond, engine=Value(1.0), x=1.0)  # type: ignore[arg-type]


# -- graphs that exist -------------------------------------------------------------------------


def test_a_learners_result():
    x = Value(2.0, label="x")
    assert grads(GraphStepper(x * x + 1))["x"] == "4"


def test_a_tensor_with_its_history():
    w = minidl.ones(3, requires_grad=True)
    loss = (w * 2).sum()
    stepper = GraphStepper(loss)
    assert [n["op"] for n in stepper.scene["nodes"] if n["kind"] in ("value", "result")] == [
        "×",
        "sum",
    ]
    assert "[2, 2, 2]" in stepper.story()[-2]
    loss.backward()
    assert "freed" in GraphStepper(loss).scene["problem"]
    assert "no history" in GraphStepper(minidl.ones(2)).scene["problem"]


# -- tensors and modules -----------------------------------------------------------------------


def network() -> tuple[nn.Module, minidl.Tensor, minidl.Tensor]:
    minidl.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    return model, minidl.randn(5, 3), minidl.tensor([0, 1, 0, 1, 1])


def test_a_network_with_its_parameters():
    model, x, t = network()

    def loss(x, t):
        logits = model(x)
        return nn.functional.cross_entropy(logits, t)

    stepper = GraphStepper(loss, x=x, t=t)
    names = {n["name"]: n for n in stepper.scene["nodes"]}
    assert {"x", "t", "0.weight", "2.bias", "logits", "loss"} <= set(names)
    assert names["logits"]["op"] == "linear()" and names["loss"]["op"] == "cross_entropy()"
    loss(x, t).backward()
    expected = next(model.parameters()).grad.numpy()
    facts = stepper.scene["facts"][names["0.weight"]["id"]]
    first = float(facts["grad"]["table"][0][0].replace("−", "-"))
    assert first == pytest.approx(expected[0, 0], rel=1e-2)
    assert "t" not in grads(stepper), "labels get no gradient"


def test_the_parameters_are_left_alone():
    model, x, _ = network()
    before = [p.array for p in model.parameters()]
    GraphStepper(model, x)
    assert all(a is p.array for a, p in zip(before, model.parameters(), strict=True))
    assert all(p.grad is None for p in model.parameters())


def test_the_random_stream_is_left_alone():
    minidl.manual_seed(3)
    expected = minidl.randn(2).tolist()
    minidl.manual_seed(3)
    GraphStepper(lambda x: nn.functional.dropout(x, 0.5).sum(), minidl.ones(4))
    assert minidl.randn(2).tolist() == expected


def test_a_function_unfolds_and_folds():
    model, x, _ = network()
    stepper = GraphStepper(model, x)
    few = len(stepper.scene["nodes"])
    module = next(n["path"] for n in stepper.scene["nodes"] if n["path"])
    tell(stepper, {"type": "unfold", "module": module})
    assert len(stepper.scene["nodes"]) > few and stepper.scene["opened"] == [module]
    tell(stepper, {"type": "fold", "module": module})
    assert len(stepper.scene["nodes"]) == few


def test_a_large_model_is_folded_into_its_modules():
    deep = nn.Sequential(
        *(nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2), nn.ReLU()) for _ in range(9))
    )
    stepper = GraphStepper(deep, minidl.ones(1, 2))
    modules = [n for n in stepper.scene["nodes"] if n["kind"] == "module"]
    assert [n["name"] for n in modules] == [f"{i} Sequential" for i in range(9)]
    stepper.unfold(modules[4]["path"])
    names = [n["name"] for n in stepper.scene["nodes"]]
    assert "3 Sequential" in names and "4 Sequential" not in names and "0 Linear" in names


def test_a_graph_without_modules_is_folded_by_the_hundred():
    def long(x):
        for _ in range(1000):
            x = x + x * 0.001
        return x

    stepper = GraphStepper(long, engine=Value, x=1.0)
    assert len(stepper.scene["nodes"]) < 101
    assert len(json.dumps(stepper.scene)) < 100_000
    assert grads(stepper)["x"] == "2.717"
    first = next(n for n in stepper.scene["nodes"] if n["path"])
    stepper.unfold(first["path"])
    assert len(stepper.scene["nodes"]) > 20


def test_learners_own_functions_are_modules_too():
    class Neuron:
        def __call__(self, x):
            total = x
            for _ in range(12):
                total = total + x * 0.5
            return total.tanh()

    neurons = [Neuron() for _ in range(5)]
    stepper = GraphStepper(lambda x: sum(n(x) for n in neurons), engine=Value, x=0.1)
    names = [n["name"] for n in stepper.scene["nodes"] if n["kind"] == "module"]
    assert names == [f"Neuron {i}" for i in range(1, 6)]


def test_where_paths_of_arrays_meet_the_sum_is_told():
    def f(x):
        return (x * x.sum()).sum()

    steps = GraphStepper(f, minidl.ones(2, 2)).scene["steps"]
    meeting = next(one for one in steps if one.get("into") == "n0" and not one["first"])
    assert meeting["sum"] == "+= 2×2, norm 8" and "Paths meet" in meeting["say"]


def test_side_panel_numbers():
    small, large = minidl.ones(2, 3), minidl.ones(40, 40)
    facts = GraphStepper(lambda a, b: a.sum() + b.sum(), a=small, b=large).scene["facts"]
    assert facts["n0"]["value"] == {"table": [["1"] * 3] * 2}
    assert ["entries", "1600"] in facts["n1"]["value"]["facts"]


# -- on paper ----------------------------------------------------------------------------------


def test_the_picture_for_paper():
    stepper = GraphStepper(diamond, engine=Value, x=2.0, y=-1.0)
    bundle = stepper._repr_mimebundle_()[0]
    assert bundle["text/plain"] == "GraphStepper: 4 nodes; result 0; gradients x 0, y 2"
    root = xml.fromstring(bundle["image/svg+xml"])
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"x", "y", "h", "diamond", "×", "−2"} <= set(words)
    again = GraphStepper(diamond, engine=Value, x=2.0, y=-1.0)._repr_mimebundle_()[0]
    assert again["image/svg+xml"] == bundle["image/svg+xml"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_scene_is_plain_json():
    model, x, _ = network()
    for stepper in (GraphStepper(model, x), GraphStepper(diamond, engine=Value, x=2.0, y=-1.0)):
        assert json.loads(json.dumps(stepper.scene, allow_nan=False)).keys() == stepper.scene.keys()


def test_infinities_are_written_not_sent():
    stepper = GraphStepper(lambda x: x.log(), x=0.0)
    assert json.dumps(stepper.scene, allow_nan=False)
    assert "−inf" in stepper.story()[1]


# -- the layout --------------------------------------------------------------------------------


def test_boxes_do_not_overlap_and_edges_run_right():
    names = [f"b{i}" for i in range(30)]
    edges = [(names[i // 3], names[i]) for i in range(1, 30)] + [("b0", "b29"), ("b1", "b28")]
    edges = [edge for edge in edges if edge[0] != edge[1]]
    sizes = {name: (120.0, 70.0 if i % 2 else 32.0) for i, name in enumerate(names)}
    places = place(sizes, edges)
    corners = [(*places.boxes[n], *sizes[n]) for n in names]
    for i, (x, y, w, h) in enumerate(corners):
        for x2, y2, w2, h2 in corners[:i]:
            apart = x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
            assert apart
    assert all(line[0][0] < line[-1][0] for line in places.edges)
    width, height = places.size
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in corners)


def test_a_chain_is_straight_and_an_empty_sheet_is_one():
    chain = [f"b{i}" for i in range(5)]
    places = place(dict.fromkeys(chain, (100.0, 50.0)), list(zip(chain, chain[1:], strict=False)))
    assert len({round(y, 6) for _, y in places.boxes.values()}) == 1
    assert place({}, []).boxes == {}
