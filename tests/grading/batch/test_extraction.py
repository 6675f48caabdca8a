"""From a notebook's bytes to the cells that answer exercises, or to a sentence of refusal."""

from __future__ import annotations

import json
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from minidl.grading import Exercise, Part
from minidl.grading.batch.extraction import MOST_CODE, Unreadable, blanks, cells
from minidl.grading.course import find_lesson

from .notebooks import code, notebook


def exercise(id: str, *entry: str) -> Exercise:
    """An exercise that asks for these names."""
    return Exercise(id, id, entry, [Part("p", "p", lambda rng: {}, lambda code: 1, lambda: 1)])


MUL = exercise("01.mul", "mul")
PAIR = exercise("01.pair", "first", "second")
ALL = [MUL, PAIR]


def answers(*parts, blank=()) -> list[tuple[str, str]]:
    """The cells that answer something."""
    return [cell for cell in cells(notebook(*parts), ALL, blank) if cell[0]]


def test_a_lesson_is_found_in_its_own_notebooks() -> None:
    lesson = find_lesson("01")
    exercises = lesson.exercises()
    for path in (lesson.student, lesson.solution):
        found = cells(path.read_bytes(), exercises.values())
        assert [id for id, _ in found if id] == list(exercises)
    assert dict(found)["01.mul"].startswith("def add_local")
    assert len(blanks(lesson.student.read_bytes())) == len(exercises)


@pytest.mark.parametrize("source", ["def mul(a):\n  pass", ["def mul(a):\n", "  pass"]])
def test_by_id_and_in_either_way_of_writing_a_source(source) -> None:
    assert answers(code(source, exercise="01.mul")) == [("01.mul", "def mul(a):\n  pass")]


@pytest.mark.parametrize("id", ["01.mul", "01-mul", "01_mul", "01.MUL"])
def test_by_the_id_of_nbgrader(id: str) -> None:
    cell = code("mul = 1", nbgrader={"grade_id": id, "solution": True})
    assert answers(cell) == [("01.mul", "mul = 1")]


@pytest.mark.parametrize(
    "source",
    ["def mul(a): 1", "async  def mul(a): 1", "class mul: 1", "mul = 1", "mul: int = 1",
     "def f(): 1\ndef mul[T](a): 1", "def mul(a): (((", "%time\n!ls\nmul=lambda: 1"],
)  # fmt: skip
def test_by_name_where_no_cell_bears_the_id(source: str) -> None:
    assert answers(code("x = 1"), code(source)) == [("01.mul", source)]


@pytest.mark.parametrize(
    "source", ["mul(1)", "mul == 1", "  def mul(a): 1", "def mull(a): 1", "x.mul = 1", "# mul = 1"]
)
def test_what_defines_nothing_answers_nothing(source: str) -> None:
    assert answers(code(source)) == []


def test_the_last_of_duplicates_counts_and_the_others_stay() -> None:
    twice = [code("mul = 1", exercise="01.mul"), code("mul = 2", exercise="01.mul")]
    assert cells(notebook(*twice), ALL) == [("", "mul = 1"), ("01.mul", "mul = 2")]


def test_of_a_cell_that_was_split_the_half_with_the_definition_counts() -> None:
    halves = [code("def mul(a): 1", exercise="01.mul"), code("mul(3)", exercise="01.mul")]
    assert answers(*halves) == [("01.mul", "def mul(a): 1")]


def test_an_untouched_cell_gives_way_to_an_answer_in_another() -> None:
    blank = "def mul(a):\n    ...  # yours"
    given = code(blank + "\n", exercise="01.mul")
    assert answers(given, code("def mul(a): 1"), blank=[blank]) == [("01.mul", "def mul(a): 1")]
    assert answers(code("def mul(a): 1"), given, blank=[blank]) == [("01.mul", "def mul(a): 1")]
    assert answers(given, blank=[blank]) == [("01.mul", blank + "\n")]


def test_pieces_in_several_cells_are_put_together() -> None:
    found = answers(code("def first(): 1"), code("x = 1"), code("def second(): 2"))
    assert found == [("01.pair", "def first(): 1\n\ndef second(): 2")]


def test_one_cell_may_answer_two_exercises() -> None:
    both = "def mul(a): 1\ndef first(): 1\ndef second(): 2"
    assert answers(code(both)) == [("01.mul", both), ("01.pair", both)]


def test_a_named_cell_that_defines_nothing_is_still_the_answer() -> None:
    assert answers(code("1 +", exercise="01.mul")) == [("01.mul", "1 +")]


def test_other_cells_keep_their_place() -> None:
    found = cells(notebook(code("a = 1"), {"cell_type": "markdown", "source": "mul = 1"},
                           code("mul = 1"), code("b = 1")), ALL)  # fmt: skip
    assert found == [("", "a = 1"), ("01.mul", "mul = 1"), ("", "b = 1")]


WHOLE = notebook(code("mul = 1"))
DEEP = 100_000


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (WHOLE[:-20], "ends too early"),
        (WHOLE[:30], "ends too early"),
        (b"PK\x03\x04 a zip", "is not JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "cannot be read"),
        (b"\xff\xfe\x00\xd8", "cannot be read"),
        (b"[" * DEEP, "cannot be read"),
        (b"[" * DEEP + b"]" * DEEP, "too deep"),
        (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "too deep"),
        (b"[]", "no list of cells"),
        (b"3", "no list of cells"),
        (b"null", "no list of cells"),
        (b'{"cells": {"a": 1}}', "no list of cells"),
        (b'{"worksheets": [{"cells": []}]}', "before 2015"),
        (notebook(*[code("")] * 6000), "6000 cells"),
        (notebook(code("x" * (MOST_CODE + 1))), "characters of code"),
    ],
)
def test_what_is_no_notebook_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as refused:
        cells(data, ALL)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.decode().encode("utf-16"),
        notebook(code("mul = 1"), nbformat=float("nan"), metadata=float("inf")),
        WHOLE.replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 100_000),
        WHOLE.replace(b'"nbformat": 4', b'"nbformat": 1e999999, "nbformat": -Infinity'),
        notebook(code("mul = 1"), attachments={"a.zip": {"application/zip": "UEsDBBQ" * 1000}}),
        notebook(None, 3, [], "cell", {}, {"cell_type": 1}, code("mul = 1")),
        notebook(code(None), code(3), code({"a": 1}), code(["a", 1]), code("mul = 1")),
        json.dumps({"cells": [{"cell_type": "code", "source": "mul = 1"}]}).encode(),
        json.dumps({"cells": [{"cell_type": "code", "source": "mul = 1", "metadata": 7}]}).encode(),
        notebook(code("mul = 1", nbgrader=[]), code("a", exercise=["01.mul"])),
        notebook(code("mul = 1", nbgrader={"grade_id": {}}), code("a", exercise={"01.mul": 1})),
    ],
)
def test_what_is_odd_is_read_all_the_same(data: bytes) -> None:
    assert ("01.mul", "mul = 1") in cells(data, ALL)


def test_half_a_character_does_not_travel_on() -> None:
    data = b'{"cells": [{"cell_type": "code", "source": ["mul = \'\\ud83e", "\\udd86\\ud800\'"]}]}'
    assert cells(data, ALL) == [("01.mul", "mul = '🦆\ufffd'")]


def test_a_large_cell_is_searched_in_time() -> None:
    start = time.perf_counter()
    for source in ("mul " * 200_000, "def " * 200_000, "\n" * 500_000, "async\t" * 150_000):
        assert answers(code(source)) == []
    assert time.perf_counter() - start < 5


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
CELL = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | JSON,
        "source": st.sampled_from(["def mul(a): 1", "mul = 2", ["first = ", "1"]]) | JSON,
        "metadata": JSON
        | st.fixed_dictionaries(
            {},
            optional={
                "exercise": st.sampled_from(["01.mul", "01.pair"]) | JSON,
                "nbgrader": st.fixed_dictionaries({"grade_id": JSON}) | JSON,
            },
        ),
    },
)
NOTEBOOK = st.fixed_dictionaries(
    {}, optional={"cells": st.lists(CELL | JSON) | JSON, "worksheets": JSON, "metadata": JSON}
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A notebook of wrong types, some with bytes cut out, put in or changed."""
    data = bytearray(json.dumps(draw(NOTEBOOK | JSON)).encode())
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        data[start:end] = draw(st.binary(max_size=8))
    return bytes(data)


def reads_or_refuses(data: bytes) -> None:
    """Cells of the right make, each exercise answered once, or a refusal with a sentence."""
    try:
        found = cells(data, ALL)
    except Unreadable as error:
        assert str(error).endswith(".")
        return
    named = [id for id, _ in found if id]
    assert set(named) <= {"01.mul", "01.pair"} and len(named) == len(set(named))
    for _, source in found:
        assert type(source) is str and source.encode("utf-8") is not None


@settings(
    max_examples=100,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.binary() | damaged())
def a_hundred(data: bytes) -> None:
    """Fresh examples at every call."""
    reads_or_refuses(data)


def noise(seconds: float) -> None:
    """Hundreds of examples until the time is over; MINIDL_FUZZ_SECONDS names another."""
    end = time.monotonic() + float(os.environ.get("MINIDL_FUZZ_SECONDS", seconds))
    while time.monotonic() < end:
        a_hundred()


@pytest.mark.timeout(0)
def test_half_a_minute_of_noise() -> None:
    noise(30)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_an_hour_of_noise() -> None:
    noise(3600)
