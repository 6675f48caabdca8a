"""The teacher's page: its commands are typed as they stand; every file that it names is there."""

from __future__ import annotations

import csv
import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from minidl import cli
from minidl.grading.course import find_lesson
from minidl.grading.marks import STATUSES
from minidl.grading.sandbox import NoSandbox, best

PAGE = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\nminidl (.*?)\n```", PAGE, re.MULTILINE)


@pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")
@pytest.mark.timeout(300)
def test_the_five_steps_lead_from_a_notebook_to_a_gradebook(tmp_path, monkeypatch, capsys):
    try:
        best()
    except NoSandbox as error:
        pytest.skip(str(error))
    monkeypatch.chdir(tmp_path)
    release, grade, doctor = map(shlex.split, COMMANDS)
    assert (release[0], grade[:2], doctor) == ("release", ["grade", "01"], ["grade", "doctor"])

    assert cli.main(release) == 0
    notebook = json.loads(Path("handout/01_value.ipynb").read_text())
    solved = json.loads(json.dumps(notebook))
    answers = find_lesson("01").solutions()
    for cell in solved["cells"]:
        cell["source"] = answers.get(cell["metadata"].get("exercise", ""), cell["source"])
    handed_in = {"ada": solved, "bob/01_value": notebook, "eve/01_value/01_value": solved}
    for name, made in handed_in.items():
        path = Path("in", f"{name}.ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(made))

    assert cli.main(grade) == 0
    for named in re.findall(r"`(marks/[\w./-]+)`", PAGE):
        path = Path(named.replace("LEARNER", "ada"))
        assert path.exists(), named
    with Path("marks/canvas.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][3:] == ["SIS Login ID", "Section", "01_value"]
    assert {row[3]: float(row[5]) for row in rows[2:]} == {"ada": 26, "bob": 0, "eve": 26}
    again = Path("marks/results.json").read_bytes()
    assert cli.main(grade) == 0  # goes on where it was: all is judged
    assert Path("marks/results.json").read_bytes() == again

    capsys.readouterr()
    assert cli.main(doctor) == 0
    assert f"tier {best().name}" in capsys.readouterr().out


def test_the_page_names_every_status():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(STATUSES)
