"""A piece that passed in one kernel runs in the next, until it breaks or is switched off."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from minidl.grading import load_mine, remove, switch
from minidl.grading.course import Lesson, builder, find_lesson, lessons
from minidl.grading.pieces import remembered, yours
from minidl.grading.worker.cells import definitions

BEGIN = "import math\nimport minidl\nfrom minidl import nn\nfrom minidl.grading import *"
ASK = """
import inspect
logits = minidl.zeros(2, 10)
print(round(nn.functional.cross_entropy(logits, minidl.tensor([1, 2])).item(), 4))
print("safe" in inspect.getsource(nn.functional.cross_entropy))
"""


def answer(id: str) -> str:
    """The right answer to an exercise, as a learner would write it."""
    return find_lesson(id.partition(".")[0]).solutions()[id]


def run(folder: Path, *cells: str) -> list[str]:
    """What a new kernel in this folder prints, cell by cell."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources=place).execute()
    return [
        "".join(
            output.get("text") or output.get("data", {}).get("text/plain", "")
            for output in cell.outputs
        )
        for cell in notebook.cells
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the learner works; both kernels import the minidl that is tested."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    return tmp_path


def test_what_passed_in_one_kernel_runs_in_the_next(folder: Path):
    built = run(folder, BEGIN, answer("04.loss"), 'check("04.loss")')
    assert "Yours: `nn.functional.cross_entropy` now runs on your code." in built[-1]
    mine = folder / "my_minidl.py"
    assert answer("04.loss") in mine.read_text()

    later = run(folder, BEGIN, "load_mine()", ASK, "badge()")
    assert later[1] == "04.loss: yours."
    assert later[2].split() == ["2.3026", "True"]
    assert later[3] == "nn.functional.cross_entropy  yours"

    off = run(
        folder, BEGIN, "load_mine()", 'switch("04.loss", "minidl\'s")', ASK, 'check("04.loss")'
    )
    assert off[2].startswith("minidl's: `nn.functional.cross_entropy` is switched off; `switch(")
    assert off[3].split() == ["2.3026", "False"]

    still = run(folder, BEGIN, "load_mine()", ASK, "badge()")
    assert still[1] == "04.loss: minidl's, for you switched nn.functional.cross_entropy off."
    assert still[2].split()[1] == "False"
    assert still[3] == "nn.functional.cross_entropy  minidl's  switched off by you"

    mine.write_text(mine.read_text().replace("-right.mean()", "right.mean()"))
    broken = run(folder, BEGIN, "load_mine()", ASK)
    assert broken[1] == "04.loss: minidl's, because it does not pass its check any more."
    mine.write_text(mine.read_text().replace("right.mean()", "-right.mean() + 0"))
    back = run(folder, BEGIN, "load_mine()", 'switch("nn.functional.cross_entropy", "yours")', ASK)
    assert back[2] == "Yours: `nn.functional.cross_entropy` now runs on your code."
    assert back[3].split() == ["2.3026", "True"]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_what_a_lesson_built_stands_alone(folder: Path, lesson: Lesson):
    """Each answer, as the notebook left it in the file, passes in a kernel that knows no more."""
    cells = []
    for cell in builder.unsolved(lesson)["cells"]:
        if cell["cell_type"] == "code":
            id = cell["metadata"].get("exercise", "")
            cells.append(cell["source"] if id else definitions(cell["source"]))
            cells += [f'from minidl.grading import check\ncheck("{id}")'] if id else []
    run(folder, *cells)
    (said,) = run(folder, "from minidl.grading import load_mine\nload_mine()")
    assert said.splitlines() == [f"{id}: yours." for id in sorted(lesson.exercises())]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder with one passing piece in its file, and minidl as it was afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(yours, "_notes", {})
    monkeypatch.setattr(yours, "_passing", {})
    head = "# ---- exercise 04.loss: The price of a wrong answer ----\n\nimport minidl\n\n"
    (tmp_path / "my_minidl.py").write_text(head + answer("04.loss") + "\n")
    yield tmp_path
    for name in list(yours._installed):
        remove(name)


def test_a_text_that_passed_is_not_asked_again(kept: Path, monkeypatch: pytest.MonkeyPatch):
    from minidl.grading.pieces import travelling

    asked = []
    real = travelling.judge
    monkeypatch.setattr(travelling, "judge", lambda *of: asked.append(1) or real(*of))
    assert str(load_mine()) == str(load_mine()) == "04.loss: yours."
    assert len(asked) == 1
    mine = kept / "my_minidl.py"
    mine.write_text(mine.read_text() + "# a thought\n")
    assert str(load_mine()) == "04.loss: yours."
    assert len(asked) == 2
    (kept / remembered.FILE).write_text("{ damaged")
    assert str(load_mine()) == "04.loss: yours."
    assert len(asked) == 3


def test_a_piece_at_work_is_judged_against_minidls_own(kept: Path):
    load_mine()
    mine = kept / "my_minidl.py"
    mine.write_text(mine.read_text().replace("-right.mean()", "2 * -right.mean()"))
    assert "does not pass" in str(load_mine())
    assert not yours.is_yours("nn.functional.cross_entropy")


def test_a_broken_piece_falls_back_and_the_next_kernel_tries_again(kept: Path, capsys):
    import minidl

    load_mine()
    yours.install("nn.functional.cross_entropy", lambda input, target: input.nothing)
    loss = minidl.nn.functional.cross_entropy(minidl.zeros(1, 2), minidl.tensor([0]))
    assert round(loss.item(), 4) == 0.6931
    assert "raised AttributeError" in capsys.readouterr().out
    assert str(load_mine()) == "04.loss: yours."


def test_what_cannot_be_switched_is_said(kept: Path):
    with pytest.raises(LookupError, match=r"There are: none yet\. load_mine\(\) brings"):
        switch("nn.Linear", "yours")
    load_mine()
    with pytest.raises(LookupError, match=r"'nn.Linear'. There are: nn.functional.cross_entropy"):
        switch("nn.Linear", "yours")
    with pytest.raises(ValueError, match="""write "yours" or "minidl's"."""):
        switch("04.loss", "mine")


def test_where_nothing_may_be_written_a_switch_holds_for_the_kernel(kept: Path):
    load_mine()
    (kept / "lesson.py").touch()
    switch("04.loss", "minidl's")
    assert not yours.is_yours("nn.functional.cross_entropy")
    switch("04.loss", "yours")
    assert yours.is_yours("nn.functional.cross_entropy")
    file = kept / remembered.FILE
    assert not file.exists() or "off" not in file.read_text()


def test_every_answer_of_a_lesson_travels_in_one_file(tmp_path: Path, monkeypatch):
    """All answers of lesson 04 in one file: each passes there, and stands in minidl's place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(yours, "_notes", {})
    monkeypatch.setattr(yours, "_passing", {})
    lesson = find_lesson("04")
    cells = [cell for cell in builder.unsolved(lesson)["cells"] if cell["cell_type"] == "code"]
    imports = "import math\nimport minidl\nfrom minidl import nn\n"
    text = ""
    for cell in cells:
        id = cell["metadata"].get("exercise")
        text += f"# ---- exercise {id}: x ----\n\n{imports}\n{cell['source']}\n\n" if id else ""
    (tmp_path / "my_minidl.py").write_text(text)
    try:
        said = str(load_mine()).splitlines()
        assert said == [f"{id}: yours." for id in lesson.exercises()]
        assert len(yours.known()) == 8
    finally:
        for name in list(yours._installed):
            remove(name)
