"""A folder full of hostile files and names, graded by the whole command: nobody harms another."""

from __future__ import annotations

import csv
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, final

import pytest

from minidl import cli
from minidl.grading.sandbox import NoSandbox, best

from .hostile_files import SCRIPT, lay

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux"),
    pytest.mark.timeout(600),
]


@final
class Graded:
    """What `minidl grade` made of the folder."""

    def __init__(self, folder: Path):
        self.submissions, self.out = folder / "in", folder / "out"
        self.submissions.mkdir()
        self.earned = lay(self.submissions)
        words = ["grade", "01", str(self.submissions), "--out", str(self.out)]
        self.status = cli.main([*words, "--csv", "canvas", "--workers", "2"])
        self.results = json.loads((self.out / "results.json").read_text(encoding="utf-8"))

    def of(self, learner: str) -> dict[str, Any]:
        """One learner's result."""
        (found,) = [one for one in self.results["results"] if one["learner"] == learner]
        return found


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The folder, graded once for all these tests."""
    try:
        best()
    except NoSandbox as error:
        pytest.skip(str(error))
    return Graded(tmp_path_factory.mktemp("hostile"))


def test_every_submission_has_its_result(graded):
    assert graded.status == 0
    assert sorted(one["learner"] for one in graded.results["results"]) == sorted(graded.earned)
    parts = {tuple(part["id"] for part in one["parts"]) for one in graded.results["results"]}
    assert len(parts) == 1
    statuses = {part["status"] for one in graded.results["results"] for part in one["parts"]}
    assert "infrastructure" not in statuses


def test_each_gets_what_it_earned(graded):
    found = {name: graded.of(name)["score"] for name in graded.earned}
    wrong = {name: (found[name], points) for name, points in graded.earned.items()
             if found[name] != points}  # fmt: skip
    assert not wrong


def test_what_cannot_be_read_is_said_in_a_sentence(graded):
    for name in ("truncated", "empty", "no_json", "binary", "old_format", "long", "deep", "pipe"):
        messages = {part["message"] for part in graded.of(name)["parts"]}
        assert len(messages) == 1
        (message,) = messages
        assert message.endswith(".") and "Traceback" not in message and len(message) < 300, name
    assert "passwd" not in json.dumps(graded.of("link_outside")["parts"])


def test_no_cell_of_a_table_is_a_formula(graded):
    tables = list(graded.out.glob("*.csv"))
    assert tables
    for table in tables:
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) > len(graded.earned)
        for row in rows:
            for cell in row:
                number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
                assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), cell


@final
class Page(HTMLParser):
    """Collects what could run or load in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "base", "form", "img"):
            self.found.append(tag)
        for name, value in attrs:
            outside = name in ("src", "href") and not (value or "").startswith(("#", "data:"))
            if name.startswith("on") or (outside and ":" in (value or "")):
                self.found.append(f"{tag} {name}={value}")


def test_no_page_runs_or_loads_anything(graded):
    pages = [*graded.out.glob("feedback/*"), *graded.out.glob("*.html")]
    assert len(pages) >= len(graded.earned)
    for path in pages:
        text = path.read_text(encoding="utf-8")
        page = Page()
        page.feed(text)
        assert page.found == [], path.name
        assert len(text.encode()) < 50_000 or path.name == "class.html"
    feedback = next(p for p in pages if p.name.startswith("script_in_an_error"))
    assert "&lt;script&gt;" in feedback.read_text() and SCRIPT not in feedback.read_text()


def test_each_learner_has_a_page_of_their_own(graded):
    pages = [path.name for path in graded.out.glob("feedback/*.html")]
    assert len({name.casefold() for name in pages}) == len(graded.earned)
    assert {path.name for path in graded.out.parent.iterdir()} == {"in", "out"}
    assert not list(Path.cwd().glob("taken"))


def test_the_reports_for_programs_can_be_read_by_programs(graded):
    tree = ElementTree.parse(graded.out / "junit.xml")
    assert len(list(tree.iter("testcase"))) >= len(graded.earned)
    for path in graded.out.glob("gradescope/*.json"):
        assert "tests" in json.loads(path.read_text(encoding="utf-8"))


def test_the_file_system_of_the_judge_is_as_it_was(graded):
    names = {path.name for path in graded.submissions.iterdir()}
    assert len(names) == len(graded.earned) + 1  # the hidden one
