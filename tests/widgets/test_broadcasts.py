"""The broadcast explorer without a page: the steps, the numbers, rules that are right and wrong."""

from __future__ import annotations

import numpy as np
import pytest
from minidl_widgets import BroadcastExplorer

import minidl
from minidl.grading.course import find_lesson

from .windows import solution

Array, rule = solution()["Array"], solution()["broadcast_shapes"]
marks = Array(np.array([5, 2, 6, 4, 4, 2, 3, 2, 4, 4, 4, 4]), (4, 3))
mean = Array(np.array([4, 3, 4]), (3,))


def results(explorer: BroadcastExplorer) -> list[str]:
    cells = [c for block in explorer.scene["blocks"] for row in block["rows"] for c in row]
    return [cell["texts"][2] for cell in cells]


def test_the_steps_go_from_right_to_left_and_end_in_the_numbers():
    explorer = BroadcastExplorer(marks, mean, "-", rule=rule)
    assert explorer.story() == [
        "Lay (4, 3) and (3,) side by side, from the right. Then go from right to left.",
        "3 and 3 are equal: 3.",
        "y has no size here, which counts as 1. 4 and 1: the 1 fits, y is repeated 4 times.",
        "The common shape is (4, 3). x is seen as it is; y is seen with strides (0, 1). "
        "Click a number of the result.",
    ]
    first = explorer.scene["blocks"][0]["rows"][1]
    assert [cell["texts"] for cell in first] == [["4", "4", "0"], ["4", "3", "1"], ["2", "4", "−2"]]
    assert [cell["ghosts"] for cell in first] == [[False, True]] * 3
    assert first[2]["say"] == "[1, 2]: x[1, 2] − y[2] = 2 − 4 = −2."
    assert explorer.scene["rule"] == "Your rule answers (4, 3)."
    assert explorer.scene["differs"] == ""


@pytest.mark.parametrize("op", ["+", "-", "*", "/"])
def test_the_numbers_are_numpys(op):
    x, y = np.arange(6.0).reshape(2, 1, 3), np.arange(1.0, 5.0).reshape(4, 1)
    true = {"+": x + y, "-": x - y, "*": x * y, "/": x / y}[op]
    explorer = BroadcastExplorer(minidl.from_numpy(x), y, op)
    assert [float(text.replace("−", "-")) for text in results(explorer)] == pytest.approx(
        [float(f"{number:.3g}") for number in true.ravel()]
    )


def test_where_shapes_do_not_fit_the_steps_end():
    explorer = BroadcastExplorer(np.ones((2, 3, 4)), np.ones((2, 4, 4)))
    assert explorer.story()[-1] == (
        "3 and 4 differ, and neither is 1: these shapes do not fit. Here it ends."
    )
    scene = explorer.scene
    assert [column["state"] for column in scene["columns"]] == ["waiting", "clash", "same"]
    assert scene["common"] is None and scene["blocks"] == []
    assert scene["rule"].startswith(
        "minidl's rule raises ShapeError: Shapes (2, 3, 4) and (2, 4, 4)"
    )
    assert str(explorer) == "BroadcastExplorer: (2, 3, 4) and (2, 4, 4) do not fit"
    assert "do not fit" in explorer._repr_mimebundle_()[0]["image/svg+xml"]


@pytest.mark.parametrize("wrong", ["largest", "from_the_left", "never_raises", "ones_refused"])
def test_a_wrong_rule_is_held_against_the_steps(wrong):
    exercise, scope = find_lesson("02").exercises()["02.broadcast"], dict(solution())
    mistake = next(one for one in exercise.wrong if one.id == wrong)
    exec(mistake.cell(exercise.solution), scope)
    shapes = {
        "largest": ("3, 1", "1, 0"),
        "from_the_left": ("4, 3", "3"),
        "never_raises": ("2", "3"),
        "ones_refused": ("2, 3", "1, 3"),
    }[wrong]
    explorer = BroadcastExplorer(marks, mean, rule=scope["broadcast_shapes"])
    explorer._hear(None, {"type": "shapes", "x": shapes[0], "y": shapes[1]}, [])
    assert explorer.scene["differs"] != ""
    right = BroadcastExplorer(marks, mean, rule=rule)
    right.shapes(*shapes)
    assert right.scene["differs"] == ""


def test_a_rule_that_is_not_written_yet():
    def unwritten(*shapes):
        raise NotImplementedError("02.broadcast: write your lines here")

    explorer = BroadcastExplorer(marks, mean, rule=unwritten)
    assert explorer.scene["rule"] == (
        "Your rule is not written yet (02.broadcast: write your lines here)."
    )
    assert explorer.scene["common"] == [4, 3], "the steps need no rule"


def test_shapes_are_typed_in():
    explorer = BroadcastExplorer(marks, mean, "-")
    explorer.step = 3
    explorer._hear(None, {"type": "shapes", "x": "8, 1, 6", "y": "(7, 1)"}, [])
    assert explorer.step == 0
    assert explorer.scene["common"] == [8, 7, 6]
    assert explorer.scene["left"] == "126 of 336 numbers are drawn."
    before = explorer.scene["shapes"]
    for x, y, said in [
        ("2, x", "1", "no list of whole numbers"),
        ("-1", "1", "A size cannot be negative: (-1,)."),
        ("5000, 5000", "1", "too large to be drawn"),
    ]:
        explorer.shapes(x, y)
        assert said in explorer.scene["problem"] and explorer.scene["shapes"] == before
    explorer.shapes("3, 1", "1, 0")
    assert (explorer.scene["common"], explorer.scene["problem"]) == ([3, 0], "")
    explorer.shapes("", "()")
    assert explorer.scene["common"] == [] and results(explorer) == ["0"]


def test_bad_arguments_and_strange_messages():
    with pytest.raises(ValueError, match="op must be one of"):
        BroadcastExplorer(marks, mean, "%")
    explorer = BroadcastExplorer(marks, mean)
    serial = explorer.scene["serial"]
    explorer._hear(None, {"type": "shapes", "x": 3}, [])
    assert explorer.scene["serial"] == serial


def test_on_paper():
    pictures = [
        BroadcastExplorer(marks, mean, "-")._repr_mimebundle_()[0]["image/svg+xml"] for _ in "ab"
    ]
    assert pictures[0] == pictures[1]
    assert pictures[0].count('class="card module"') == 9, "nine of y's are repetitions"
    assert str(BroadcastExplorer(marks, mean)) == "BroadcastExplorer: (4, 3) and (3,) give (4, 3)"
