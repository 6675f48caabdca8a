"""What a learner sees when they ask whether their piece works."""

from __future__ import annotations

import random
import threading
import time

import numpy as np
import pytest

import minidl
from minidl.grading import Exercise, Wrong, check, judging, report
from minidl.grading.compare import Tolerance, compare, plain
from minidl.grading.judging import judge
from minidl.grading.limits import OutOfTime, time_limit
from minidl.grading.notebook import checking
from minidl.grading.running import execute, kept_classes

from .exercises import SCALE, right, slow

NEAR = Tolerance(1e-5, 1e-8)


def judged(source: str) -> judging.Verdict:
    """The verdict on a cell's source."""
    namespace: dict = {"__name__": "__main__", "np": np}
    exec(source, namespace)
    return judge(SCALE, namespace)


def test_a_right_answer_passes_though_it_prints_and_warns():
    verdict = judge(SCALE, {"scale": right})
    assert verdict.passed and verdict.points == 3
    assert str(report.card(verdict)).splitlines()[0] == "01.scale Scale the rows: 3 of 3 points"


@pytest.mark.parametrize("wrong", SCALE.wrong, ids=lambda wrong: wrong.id)
def test_each_expected_mistake_gets_its_message(wrong):
    verdict = judged(wrong.cell(SCALE.solution))
    assert not verdict.passed
    assert verdict.diagnosis == wrong.message


def test_a_mistake_is_a_change_of_the_answer_as_it_stands():
    wrong = Wrong("axis", "wrong axis", "Columns.", change={"axis=1": "axis=0", "x /": "x * x /"})
    assert wrong.cell("x / x.sum(axis=1)") == "x * x / x.sum(axis=0)"
    for answer, times in (("x.sum(1)", 0), ("x.sum(axis=1).sum(axis=1)", 2)):
        with pytest.raises(ValueError, match=f"axis: 'axis=1' is {times} times in the solution"):
            wrong.cell(answer)
    for source, change in (("", {}), ("x", {"x": "y"})):
        with pytest.raises(ValueError, match=r"01\.a: odd needs either a source or a change"):
            Exercise("01.a", "A", ("a",), [], wrong=[Wrong("odd", "", "", source, change)])


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        ("", "missing", "`scale` is not defined yet"),
        ("def scale(x): raise NotImplementedError('01.scale: here')", "not written", "Not written"),
        ("def scale(x): return undefined", "error", "name 'undefined' is not defined"),
        ("def scale(x): return scale(x)", "recursion", "RecursionError"),
        ("def scale(x): return None", "wrong", "is a `return` missing?"),
        ("def scale(x): return x[:2]", "wrong", "expected shape (3, 3), got (2, 3)"),
        ("def scale(x): return {'x': x}", "wrong", "got a dict"),
        ("def scale(x): return object()", "wrong", "got an object"),
        ("def scale(x): return x", "wrong", "9 of 9 numbers are wrong. First at [0, 0]"),
        ("def scale(x): x[0] = 0; return x", "mutated", "changed its input `x`"),
        ("def scale(x):\n while True: pass", "too slow", "longer than 0.3 s"),
        ("def scale(x): raise SystemExit", "error", "SystemExit"),
    ],
)
def test_every_end_has_a_status_and_a_sentence(source, status, words):
    first = judged(source).parts[0]
    assert first.status == status
    assert words in first.sentence


def test_a_line_of_the_learners_code_is_quoted():
    namespace: dict = {}
    execute("def scale(x):\n    return x @ x.T @ 3", "<cell>", namespace)
    assert "(line 2: `return x @ x.T @ 3`)" in judge(SCALE, namespace).parts[0].sentence


def test_no_diagnosis_for_another_typo():
    assert judged("def scale(x): return x.sums").diagnosis == ""


def test_the_text_has_the_gap_a_map_and_no_address():
    text = str(report.card(judged("def scale(x): return x / x.sum(axis=1)"), "Hint 1 of 2: ..."))
    assert "numbers are wrong. First at [0, 1]" in text
    assert ".xx" in text and "x.x" in text
    assert text.index("numbers are wrong") < text.index("Why:") < text.index("Hint 1")
    assert "0x" not in text
    again = str(report.card(judged("def scale(x): return x / x.sum(axis=1)"), "Hint 1 of 2: ..."))
    assert text == again


def test_the_page_escapes_and_draws():
    verdict = judged("def scale(x): raise KeyError('<b>')")
    page = report.card(verdict)._repr_mimebundle_()["text/html"]
    assert "<b>" not in page and "&lt;b&gt;" in page
    page = report.card(judged("def scale(x): return x"))._repr_mimebundle_()["text/html"]
    assert "<svg role='img' aria-label='9 of 9 numbers are wrong" in page


def test_a_large_map_is_gathered():
    wrong = np.zeros((100, 100), bool)
    wrong[57, 3] = True
    gap = compare(np.zeros((100, 100)), wrong.astype(float), NEAR)[0]
    rows = report.text_map(gap)
    assert (len(rows), len(rows[0])) == (16, 32)
    assert sum(row.count("x") for row in rows) == 1


def test_hints_come_one_by_one_and_the_last_stays(monkeypatch):
    monkeypatch.setattr(checking, "find_exercise", lambda id: SCALE)
    monkeypatch.setattr(checking, "_failures", {})
    scale = lambda x: x
    hints = [check("01.scale", {"scale": scale}).hint for _ in range(3)]
    assert hints[0] == "Hint 1 of 2: Which axis?"
    assert hints[1] == hints[2] == "Hint 2 of 2: Keep the axis: `keepdims=True`."
    result = check("01.scale", {"scale": right})
    assert result and result.hint == ""


@pytest.mark.parametrize(
    ("expected", "got", "kind", "words"),
    [
        ({"a": 1.0, "b": 2.0}, {"a": 1.0}, "missing", "`b` is missing"),
        ({"a": 1.0}, {"a": 1.0, "c": 0}, "extra", "`c` was not asked for"),
        ({"a": 1.0}, 1.0, "type", "expected a dictionary, got a float"),
        ("sum", "mean", "value", "expected 'sum', got 'mean'"),
        (True, False, "value", "expected True, got False"),
        (np.zeros(2, np.float32), np.zeros(2), "dtype", "expected dtype float32, got float64"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "shape", "the other way round"),
        (np.zeros((2, 1)), np.zeros(2), "shape", "an axis of length 1"),
        (1.0, np.nan, "value", "expected 1, got nan"),
        (("a", 1.0), ("a",), "shape", "expected 2 values, got 1"),
    ],
)
def test_the_gap_comes_first_by_kind(expected, got, kind, words):
    gap = compare(plain(expected), plain(got), Tolerance(1e-6, 0, dtype=True))[0]
    assert gap.kind == kind and words in gap.sentence


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, np.float32(1)),
        ((1, 2), [1, 2]),
        ([1.0, np.nan], np.array([1.0, np.nan])),
        (True, np.bool_(True)),
        ("a", "a"),
        (np.inf, np.inf),
        ({"a": (1, "x")}, {"a": [1, "x"]}),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_equal_enough(expected, got):
    assert compare(plain(expected), plain(got), NEAR) == []


def test_a_swallowed_limit_rings_again_and_leaves_no_timer():
    verdict = judge(SCALE, {"scale": slow})
    assert verdict.parts[0].status == "too slow"
    with time_limit(0.05):
        pass
    time.sleep(0.1)


def test_waiting_is_ended_by_the_clock():
    start = time.perf_counter()
    with pytest.raises(OutOfTime), time_limit(0.02):
        time.sleep(5)
    assert time.perf_counter() - start < 1


def test_the_limit_works_in_another_thread():
    seen = []

    def work():
        try:
            with time_limit(0.02):
                while True:
                    pass
        except OutOfTime:
            seen.append("stopped")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(5)
    assert seen == ["stopped"]


def test_a_check_shifts_no_random_numbers():
    def seed():
        minidl.manual_seed(3)
        random.seed(3)
        np.random.seed(3)

    def draws():
        return minidl.rand(2).tolist(), random.random(), np.random.rand()

    seed()
    undisturbed = draws(), draws()
    seed()
    first = draws()
    seen: list = []
    judge(SCALE, {"scale": lambda x: seen.append(draws())})
    assert (first, draws()) == undisturbed
    assert all(drawn == seen[0] for drawn in seen)


def test_a_mistake_that_changes_a_class_is_undone():
    Point = type("Point", (), {"__module__": "__main__", "x": 1})
    namespace = {"__name__": "__main__", "Point": Point}
    with kept_classes(namespace):
        Point.x, Point.y = 2, 3  # type: ignore[attr-defined]
    assert vars(Point)["x"] == 1 and not hasattr(Point, "y")
