"""One lesson.py, two notebooks, the same bytes every time."""

from __future__ import annotations

import json

import pytest

from minidl.grading.course import builder, fences, lint
from minidl.grading.course.builder import BuildError, build, stale


def sources(path) -> list[str]:
    """The cells of a notebook file."""
    return ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]


def quick(lesson, monkeypatch) -> None:
    """Builds without running a kernel."""
    monkeypatch.setattr(builder, "solved", builder.unsolved)
    build(lesson)


def test_the_two_notebooks_differ_in_the_answers_alone(lesson, monkeypatch):
    quick(lesson, monkeypatch)
    student, solution = sources(lesson.student), sources(lesson.solution)
    assert student[2].startswith("guess = None  # your number\npredict(")
    assert solution[2].startswith("guess = 3\npredict(")
    assert student[3].endswith('    raise NotImplementedError("01.scale: write your lines here")')
    assert solution[3].endswith("    return x / x.sum(axis=1, keepdims=True)")
    assert 'print("for teachers")' in solution and 'print("for teachers")' not in student
    same = set(student) & set(solution)
    assert len(same) == len(student) - 2


def test_a_built_solution_is_run_settled_and_repeatable(lesson):
    assert [path.name for path in build(lesson)] == ["student.ipynb", "solution.ipynb"]
    assert build(lesson) == []  # byte for byte
    cells = json.loads(lesson.solution.read_text())["cells"]
    by_source = {"".join(cell["source"]): cell for cell in cells}
    shown = by_source['check("01.scale")']["outputs"][0]["data"]
    assert sorted(shown) == ["text/html", "text/plain"]
    assert shown["text/plain"][0] == "01.scale Scale the rows: 3 of 3 points\n"
    assert by_source["print(object())"]["outputs"] == []
    assert by_source['print("for teachers")']["outputs"][0]["text"] == ["for teachers\n"]
    error = by_source['raise ValueError("shown on purpose")']["outputs"][0]
    assert error["traceback"] == ["ValueError: shown on purpose"]
    assert list(stale(lesson)) == []
    assert not list(lesson.folder.glob("my_minidl.py"))


def test_staleness_is_found_without_running(lesson, monkeypatch):
    assert [line.split()[0] for line in stale(lesson)] == [
        "01_rows/student.ipynb",
        "01_rows/solution.ipynb",
    ]
    quick(lesson, monkeypatch)
    assert list(stale(lesson)) == []
    written = lesson.student.read_text()
    lesson.student.write_text(written.replace("your number", "no number"))
    assert list(stale(lesson)) == ["01_rows/student.ipynb was edited by hand."]
    lesson.student.write_text("{")
    assert list(stale(lesson)) == ["01_rows/student.ipynb is not a readable notebook."]
    lesson.student.write_text(written)
    lesson.source.write_text(lesson.source.read_text().replace("One idea.", "Two."))
    assert all("made from another lesson.py" in line for line in stale(lesson))
    assert len(list(stale(lesson))) == 2


def test_an_output_edited_by_hand_is_found(lesson, monkeypatch):
    quick(lesson, monkeypatch)
    notebook = json.loads(lesson.solution.read_text())
    notebook["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["99 %\n"]}
    ]
    lesson.solution.write_text(builder.as_text(notebook))
    assert list(stale(lesson)) == ["01_rows/solution.ipynb was edited by hand."]


def test_a_solution_that_fails_is_an_error_with_its_cell(lesson):
    lesson.source.write_text("# %%\n1 / 0\n")
    with pytest.raises(BuildError, match="ZeroDivisionError"):
        build(lesson)


def test_fences_keep_their_indent_and_may_offer_lines():
    source = (
        "for x in y:\n    ### BEGIN SOLUTION\n    a = 1\n    ### STUDENT a = None\n"
        "    ### END SOLUTION\n    b = 2"
    )
    assert fences.student(source) == "for x in y:\n    a = None\n    b = 2"
    assert fences.solution(source) == "for x in y:\n    a = 1\n    b = 2"
    nested = "### BEGIN SOLUTION\nf()\n### STUDENT\n# while x:\n#     pass\n### END SOLUTION"
    assert fences.student(nested) == "while x:\n    pass"


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\na",
        "### END SOLUTION",
        "### STUDENT\na",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
    ],
)
def test_fences_that_do_not_match_are_refused(source):
    with pytest.raises(ValueError):
        fences.student(source)


def test_the_lint_says_what_a_lesson_lacks(lesson):
    said = " ".join(lint.lint(lesson))
    assert "7 cells" in said
    assert "has no spec" not in said and "nothing calls" not in said
    text = lesson.source.read_text()
    lesson.source.write_text(text.replace("01.scale", "01.other") + "# \N{SPARKLES}\n")
    said = list(lint.lint(lesson))
    assert "01_rows: the cell of exercise 01.other has no spec." in said
    assert "01_rows: exercise 01.scale has a spec and no cell." in said
    assert '01_rows: nothing calls check("01.scale").' in said
    assert any("no emoji" in line for line in said)
