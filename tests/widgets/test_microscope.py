"""The Jacobian microscope without a page: true slopes, the rules' answers, and what is told."""

from __future__ import annotations

import json

import numpy as np
import pytest
from minidl_widgets import JacobianMicroscope
from minidl_widgets.patterns import pattern

import minidl
from minidl import nn
from minidl.grading import install, remove

FOUR, FIXED = [[1.0, 0.0], [0.5, 2.0]], [[1.0, 2.0], [3.0, 4.0]]


def right_x(g, z, x, y):
    return minidl.matmul(g, minidl.transpose(y, -2, -1))


def right_y(g, z, x, y):
    return minidl.matmul(minidl.transpose(x, -2, -1), g)


def states(microscope: JacobianMicroscope) -> set[str]:
    return {state for row in microscope.scene["state"] for state in row}


def softmax(x: np.ndarray) -> np.ndarray:
    p = np.exp(x) / np.exp(x).sum()
    return np.diag(p) - np.outer(p, p)


X = np.array([0.3, -1.0, 2.0])
TRUE = {
    "exp": (minidl.exp, X, np.diag(np.exp(X))),
    "softmax": (lambda x: minidl.softmax(x, 0), X, softmax(X)),
    "sum": (lambda x: x.sum(), X, np.ones((1, 3))),
    "look-up": (lambda x: x[[2, 0, 2]], X, np.eye(3)[[2, 0, 2]]),
    "largest": (lambda x: x.amax(0), X, np.array([[0.0, 0, 1]])),
    "matmul": (lambda x: x @ minidl.tensor(FIXED, dtype=minidl.float64), np.array(FOUR),
               np.kron(np.eye(2), np.array(FIXED).T)),
    "bent": (lambda x: minidl.sin(1000 * x), np.array([20.0]), [[1000 * np.cos(20_000)]]),
    "large": (lambda x: 1e6 * x**3, np.array([1.0, 100.0]), np.diag([3e6, 3e10])),
    "a number": (minidl.exp, np.array(0.5), [[np.exp(0.5)]]),
}  # fmt: skip


@pytest.mark.parametrize(("f", "x", "true"), TRUE.values(), ids=TRUE)
def test_both_jacobians_are_right(f, x, true):
    microscope = JacobianMicroscope(f, x)
    np.testing.assert_allclose(microscope.true, true, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(microscope.found, true, rtol=1e-6, atol=1e-8)
    assert states(microscope) == {"same"}
    json.dumps(microscope.scene, allow_nan=False)


def test_a_wrong_rule_is_wrong_where_it_is_wrong_and_nowhere_else():
    microscope = JacobianMicroscope(
        minidl.matmul, x=FOUR, y=FIXED, rule=lambda g, z, x, y: minidl.matmul(g, y)
    )
    gap = np.kron(np.eye(2), np.array(FIXED) - np.array(FIXED).T)
    np.testing.assert_allclose(microscope.found - microscope.true, gap, atol=1e-7)
    marked = np.array(microscope.scene["state"]) == "wrong"
    np.testing.assert_array_equal(marked, gap != 0)
    assert str(microscope) == (
        "JacobianMicroscope: matmul, z (2, 2) by x (2, 2). 4 of 16 squares are wrong, marked ≠."
    )
    assert microscope.scene["gap"][0][1] == "−1"


def test_rules_are_taken_one_for_each_input_or_one_for_all():
    for rule in ((right_x, right_y), lambda *all: [right_x(*all), right_y(*all)]):
        microscope = JacobianMicroscope(minidl.matmul, FOUR, FIXED, rule=rule)
        assert states(microscope) == {"same"}
        microscope._hear(None, {"type": "look", "input": 1}, [])
        np.testing.assert_allclose(microscope.true, np.kron(FOUR, np.eye(2)), atol=1e-8)
        assert states(microscope) == {"same"}
    alone = JacobianMicroscope(minidl.matmul, FOUR, FIXED, rule=(right_x, None))
    alone.look(1)
    assert alone.scene["missing"] == "The rule stumbles: there is no rule for this input."


def test_what_a_rule_broadcast_is_summed_as_minidl_does():
    added = JacobianMicroscope(
        lambda x, b: x + b, np.ones((3, 2)), np.ones(2), rule=lambda g, z, x, b: [g, g]
    )
    added.look(1)
    np.testing.assert_allclose(added.found, np.tile(np.eye(2), (3, 1)))
    assert states(added) == {"same"}


def unwritten(g, z, x):
    raise NotImplementedError("03.exp")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (unwritten, "it is not written yet (03.exp)."),
        (lambda g, z, x: None, "it returned None, and not a gradient."),
        (lambda g, z, x: minidl.ones(2, 2), "its gradient has the shape (2, 2), and the input"),
        (lambda g, z, x: 1 / 0, "ZeroDivisionError: division by zero."),
    ],
)  # fmt: skip
def test_a_rule_that_stumbles_is_told_of(rule, words):
    microscope = JacobianMicroscope(minidl.exp, X, rule=rule)
    assert f"The rule stumbles: {words}" in microscope.scene["missing"]
    assert states(microscope) == {"missing"} and "nothing to compare" in str(microscope)
    json.dumps(microscope.scene, allow_nan=False)


def test_a_rule_that_stumbles_at_one_row_has_the_others():
    def half(g, z, x):
        if g[0].item() == 1:
            raise ValueError("not this one")
        return g * z

    microscope = JacobianMicroscope(minidl.exp, X, rule=half)
    assert [row[0] for row in microscope.scene["state"]] == ["missing", "same", "same"]
    assert "All 6 squares agree." in str(microscope)


def test_the_learners_rule_at_work_is_seen():
    install("primitive:exp.vjp", (lambda g, z, x: 2 * g * z,))
    try:
        microscope = JacobianMicroscope(minidl.exp, X)
        np.testing.assert_allclose(microscope.found, 2 * np.diag(np.exp(X)))
        assert microscope.scene["by"] == "by backward, with your exp"
        assert "3 of 9 squares are wrong" in str(microscope)
    finally:
        remove("primitive:exp.vjp")
    assert JacobianMicroscope(minidl.exp, X).scene["by"] == "by backward, minidl’s rules"


def test_at_a_corner_all_between_is_right():
    tied = JacobianMicroscope(lambda x: x.amax(0), [1.0, 1.0, 1.0, 0.0])
    np.testing.assert_allclose(tied.found, [[1 / 3, 1 / 3, 1 / 3, 0]])
    assert tied.scene["state"] == [["corner"] * 3 + ["same"]]
    outside = JacobianMicroscope(nn.functional.relu, [0.0], rule=lambda g, z, x: 1.5 * g)
    assert outside.scene["state"] == [["wrong"]]
    curved = JacobianMicroscope(lambda x: 5000 * x * x, [1.0])
    assert curved.scene["state"] == [["same"]], "a sharp bend is no corner"


def test_no_number_is_no_agreement():
    microscope = JacobianMicroscope(minidl.log, [0.0, 1.0])
    assert microscope.scene["state"] == [["unknown", "unknown"], ["wrong", "same"]]
    assert microscope.scene["found"][1][0] == "nan"


def test_modules_are_copied_and_float32_is_nudged_coarsely():
    minidl.manual_seed(0)
    layer = nn.Linear(3, 2)
    before = layer.weight.detach().clone()
    exact = JacobianMicroscope(layer, minidl.ones(1, 3))
    np.testing.assert_allclose(exact.true, before.numpy(), rtol=1e-6)
    assert layer.weight.dtype == minidl.float32 and layer.weight.grad is None
    coarse = JacobianMicroscope(lambda x: layer(x) * 3, minidl.ones(1, 3))
    np.testing.assert_allclose(coarse.true, 3 * before.numpy(), rtol=1e-2)
    assert states(exact) == states(coarse) == {"same"}
    norm = nn.BatchNorm1d(3)
    assert states(JacobianMicroscope(norm, np.arange(12.0).reshape(4, 3) ** 2)) == {"same"}
    assert norm.state_dict()["running_mean"].tolist() == [0, 0, 0]


def test_dice_within_fall_the_same_way_each_time():
    minidl.manual_seed(3)
    microscope = JacobianMicroscope(nn.Dropout(0.5), np.ones(8))
    assert states(microscope) == {"same"}
    assert set(np.diag(microscope.true).round(6)) == {0.0, 2.0}


def test_whole_numbers_are_handed_over_and_not_nudged():
    microscope = JacobianMicroscope(lambda x, places: x[places], x=X, places=[2, 2])
    np.testing.assert_allclose(microscope.true, np.eye(3)[[2, 2]])
    assert [one["name"] for one in microscope.scene["inputs"]] == ["x"]
    microscope.look(1)
    assert microscope.scene["which"] == 0


def test_numbers_are_changed_by_message_and_only_by_good_ones():
    given = minidl.tensor([0.0, 1.0])
    microscope = JacobianMicroscope(minidl.exp, given)
    microscope._hear(None, {"type": "numbers", "input": 0, "numbers": [2, 0.5]}, [])
    np.testing.assert_allclose(np.diag(microscope.true), np.exp([2, 0.5]), rtol=1e-6)
    assert given.tolist() == [0, 1] and microscope.scene["values"] == ["7.39", "1.65"]
    before = microscope.true
    for numbers in ([1.0], [1.0, float("inf")], [1.0, "2"], [1.0, True]):
        microscope._hear(None, {"type": "numbers", "input": 0, "numbers": numbers}, [])
        assert "it stays as it was" in microscope.scene["problem"]
    microscope._hear(None, {"type": "numbers", "input": 7, "numbers": []}, [])
    np.testing.assert_array_equal(microscope.true, before)
    serial = microscope.scene["serial"]
    for message in ({}, {"type": "numbers"}, {"type": "look", "input": "x"}):
        microscope._hear(None, message, [])
    assert microscope.scene["serial"] == serial, "not for us"


@pytest.mark.parametrize(
    ("f", "inputs", "words"),
    [
        (minidl.exp, [minidl.zeros(5, 8)], "x (5, 8) has 40 numbers, and 32 are the most"),
        (lambda x: minidl.zeros(99) + x, [X[:1]], "z (99,) has 99 numbers"),
        (minidl.exp, [[1, 2]], "no input is made of real numbers"),
        (minidl.exp, [np.zeros((0, 3))], "x (0, 3) holds no numbers"),
        (lambda x: (x, x), [X], "the function returned tuple, and not one tensor"),
        (lambda x: x @ x.reshape(3, 1, 1)[0, 0, 9], [X], "IndexError"),
    ],
)
def test_what_has_no_jacobian_is_told_in_a_sentence(f, inputs, words):
    microscope = JacobianMicroscope(f, *inputs)
    assert "There is no Jacobian" in str(microscope) and words in str(microscope)
    assert words in microscope._repr_mimebundle_()[0]["image/svg+xml"]
    json.dumps(microscope.scene, allow_nan=False)


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="looks at a function, got Tensor"):
        JacobianMicroscope(minidl.ones(2))  # type: ignore


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (np.diag([1.0, 2, 3]), "A diagonal"),
        (np.ones((1, 4)), "One row: the one number z answers to every"),
        (np.array([[0, 1.0, 1]]), "One row: z answers to 2 of the 3"),
        (np.eye(3)[[2, 0, 2]], "A single 1 in each row"),
        (np.eye(3)[[2, 0, 2]] * [[1], [0], [1]], "A single 1 in 2 of 3 rows"),
        (np.kron(np.eye(3), [[1, 2.0], [3, 4]]), "The same block of 2 by 2 stands 3 times"),
        (np.kron(np.eye(2), [[1, 2.0]]), "The same block of 1 by 2 stands twice"),
        (np.zeros((2, 2)), "All squares are empty"),
        (softmax(X), "Every square is filled"),
        (np.tril(np.ones((3, 3))), "Ones and zeros"),
        (np.triu(np.arange(9.0).reshape(3, 3) + 1), "6 of 9 squares are filled."),
    ],
)
def test_a_pattern_is_named(table, words):
    assert pattern(table, "z", "x").startswith(words)


def test_the_picture_and_the_words_are_the_same_each_time():
    one, two = (JacobianMicroscope(minidl.exp, X)._repr_mimebundle_()[0] for _ in range(2))
    assert one["image/svg+xml"] == two["image/svg+xml"]
    assert 'class="mdl-svg"' in one["image/svg+xml"]
    assert one["text/plain"] == "JacobianMicroscope: exp, z (3,) by x (3,). All 9 squares agree."
    wide = JacobianMicroscope(nn.functional.relu, np.arange(24.0) - 3, rule=lambda g, z, x: g)
    picture = wide._repr_mimebundle_()[0]["image/svg+xml"]
    assert picture.count(">≠<") == 3 and "z[0] by x[0]: true 0, the rule says 1" in picture
