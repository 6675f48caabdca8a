"""The reports: the words of the issue, and nothing in them that a reader's program would obey."""

from __future__ import annotations

import csv
import io
import json
import math
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from minidl.grading.batch import grading, results, summary, tables
from minidl.grading.batch.pages import feedback
from minidl.grading.batch.results import Report, file_names
from minidl.grading.marks import STATUSES, Marks, PartMark

NASTY = "<script>alert('1')</script>\"&'`=cmd()\0\x1b[31m\ud800\u202e💥"
NAMES = ["ada", "=1+1", "<b>x</b>", "../../up", "学生 🦆", "a/b", "CON", "Ada", "x" * 255, ".", ""]


def part(id: str, status: str = "passed", message: str = "", **rest) -> PartMark:
    """A part worth two points."""
    return PartMark(id, f"the {id}", 2 * (status == "passed"), 2, status, message, 0.25, **rest)


def report(*marks: Marks) -> Report:
    """A report of these."""
    exercises = {"01.one": "One", "01.two": "Two"}
    return Report("01_small", "v1", "A", exercises, marks)


def marks(learner: str, *parts: PartMark) -> Marks:
    """A learner's."""
    given = parts or (
        part("01.one/a"),
        part("01.one/b", "failed", "No."),
        part("01.two/a", "error"),
    )
    return Marks(learner, f"{learner}.ipynb", "ab" * 32, given)


CLASS = report(*map(marks, NAMES))
NASTY_CLASS = report(
    *(
        marks(name, part("01.one/a", "error", NASTY), part("01.two/a"))
        for name in (*NAMES, NASTY[:30])
    )
)


@pytest.fixture(params=[CLASS, NASTY_CLASS], ids=["plain", "nasty"])
def written(request, tmp_path: Path) -> Path:
    """A folder with every report."""
    grading.write(tmp_path, request.param, tuple(tables.KINDS))
    return tmp_path


def test_results_are_what_the_issue_says(tmp_path: Path) -> None:
    results.write_results(tmp_path, report(marks("ada")))
    found = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert list(found) == ["lesson", "spec_version", "sandbox", "results"]
    (one,) = found["results"]
    assert list(one) == ["learner", "file", "sha256", "score", "max_score", "parts"]
    assert (one["score"], one["max_score"]) == (2, 6)
    assert list(one["parts"][0]) == [
        *("id", "title", "points", "max_points", "status", "message", "seconds")
    ]
    assert {p["status"] for p in one["parts"]} <= set(STATUSES)


def test_every_file_is_there_and_none_elsewhere(written: Path) -> None:
    names = {path.name for path in written.iterdir()}
    assert names == {"results.json", "grades.csv", "canvas.csv", "moodle.csv", "nbgrader.csv",
                     "junit.xml", "gradescope", "feedback", "class.html"}  # fmt: skip
    count = len(json.loads((written / "results.json").read_bytes())["results"])
    for folder in ("gradescope", "feedback"):
        assert len(list((written / folder).iterdir())) == count
    assert not [path for path in written.rglob("*") if path.suffix == ".part"]
    assert not list(written.parent.glob("up*"))


def test_reports_are_the_same_twice(written: Path, tmp_path: Path, request) -> None:
    before = {path: path.read_bytes() for path in written.rglob("*") if path.is_file()}
    grading.write(tmp_path, request.node.callspec.params["written"], tuple(tables.KINDS))
    assert before == {path: path.read_bytes() for path in before}


def test_names_of_files_are_harmless_and_no_two_alike() -> None:
    long, accent = "y" * 300, ["e\u0301", "é"]
    given = [*NAMES, long, long + "z", *accent, "nul.txt", "a b", "a_b", "\\\\x", "x\n"]
    names = file_names(given)
    assert len({name.casefold() for name in names.values()}) == len(set(given))
    for name in names.values():
        assert 0 < len(name) < 100 and "/" not in name and "\\" not in name
        assert (
            name.isprintable() and not name.startswith(".") and name.split(".")[0].lower() != "con"
        )
    assert names["ada"] != names["Ada"] and {"ada", "Ada"} & set(names.values())
    assert names["学生 🦆"].startswith("学生")


@pytest.mark.parametrize("table", ["grades", *tables.KINDS])
def test_no_cell_is_a_formula(written: Path, table: str) -> None:
    text = (written / f"{table}.csv").read_bytes().decode()
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(line) for line in lines}) == 1
    for cell in (cell for line in lines for cell in line):
        assert not cell.strip().startswith(("=", "+", "-", "@", "|", "%")), cell
    assert sum("1+1" in cell for line in lines for cell in line[:4]) >= 1


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@A1", " =1", "\t=1", "\r=1", "\n=1", "＝1",
                                  "%0", "|x", "\u200b=1", "\ufeff=1"])  # fmt: skip
def test_what_a_spreadsheet_would_calculate_gets_a_quote(cell: str) -> None:
    assert tables.harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["ada", "a=1", "", "3-4", 1.5, -1, "学"])
def test_what_is_harmless_stays(cell) -> None:
    assert tables.harmless(cell) == cell


def test_the_columns_of_gradebooks() -> None:
    one = report(marks("ada"))
    read = {
        kind: list(csv.reader(io.StringIO(tables.as_text(rows(one)))))
        for kind, rows in tables.KINDS.items()
    }
    head, top, line = read["canvas"]
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_small"]
    assert top[0].strip() == "Points Possible" and (top[-1], line[-1], line[3]) == ("6", "2", "ada")
    assert read["moodle"][1] == ["ada", "2", "01.one/b: failed; 01.two/a: error"]
    assert read["nbgrader"][0] == [
        *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
        *("raw_score", "late_submission_penalty", "score", "max_score"),
    ]
    assert read["nbgrader"][1][3] == "ada" and read["nbgrader"][1][-2:] == ["2", "6"]


def test_grades_count_by_exercise(tmp_path: Path) -> None:
    lost = marks("bob", *(part(id, "infrastructure") for id in ("01.one/a", "01.two/a")))
    tables.write_grades(tmp_path, report(marks("ada"), lost))
    lines = list(csv.DictReader((tmp_path / "grades.csv").read_text("utf-8").splitlines()))
    assert [(x["score"], x["01.one"], x["01.two"], x["faults"]) for x in lines] == [
        ("2", "2", "0", "0"),
        ("0", "0", "0", "2"),
    ]


def test_junit_is_xml_and_counts(written: Path) -> None:
    suites = ET.fromstring((written / "junit.xml").read_bytes()).findall("testsuite")
    for suite in suites:
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases) > 0
        bad = int(suite.get("failures", "")) + int(suite.get("errors", ""))
        assert bad == len(suite.findall(".//failure")) + len(suite.findall(".//error"))


def test_gradescope(written: Path) -> None:
    for path in (written / "gradescope").iterdir():
        found = json.loads(path.read_bytes())
        assert math.isclose(found["score"], sum(test["score"] for test in found["tests"]))
        assert {test["status"] for test in found["tests"]} <= {"passed", "failed"}
        assert {test["output_format"] for test in found["tests"]} == {"text"}


class Reader(HTMLParser):
    """Abstract in name only: collects what a page would do, and the text that it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def read(page: str) -> Reader:
    """The page, as a browser would take it apart."""
    reader = Reader()
    reader.feed(page)
    return reader


ALLOWED = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "code",
           "ul", "li", "span", "svg", "g", "path", "rect", "table", "thead", "tbody", "tr", "th",
           "td", "a"}  # fmt: skip


def test_pages_hold_nothing_of_the_learners_but_text(written: Path) -> None:
    for path in [written / "class.html", *(written / "feedback").iterdir()]:
        page = path.read_text(encoding="utf-8")
        reader = read(page)
        assert {tag for tag, _ in reader.tags} <= ALLOWED
        for tag, attributes in reader.tags:
            assert not [name for name in attributes if name.startswith("on")]
            for name in ("href", "src"):
                if name in attributes:
                    target = written / unquote(attributes[name] or "")
                    assert tag == "a" and target.is_file() and target.parent.name == "feedback"
        assert "default-src 'none'" in page and "prefers-color-scheme: dark" in page
        assert "url(" not in page and "http" not in page.replace("http-equiv", "")
        assert not set("\0\x1b\u202e") & set(page)


def test_a_page_shows_marks_words_and_pictures() -> None:
    gap = part("01.one/a", "failed", "2 of 6 numbers are wrong. `x` is 3 < 4.", map=("..3", "9.."))
    page = feedback(
        report(marks("Ada & Bob", gap, part("01.two/a"))), marks("Ada & Bob", gap, part("01.two/a"))
    )
    text = read(page).text
    for words in ("2 of 4 points", "Ada & Bob", "not right", "x is 3 < 4.", "01.two Two", "passed"):
        assert words in text, words
    assert page.count("<svg") == 1 and "2 of 6 squares are wrong" in page


@pytest.mark.parametrize("parts", [3, 60, 350])
def test_a_page_stays_under_50_kb(parts: int) -> None:
    row = "0123456789" * 3 + "01"
    many = [
        part(f"01.one/{i}", "failed", f"{i} " + "<&>\"'" * 400, map=(row,) * 16)
        for i in range(parts)
    ]
    page = feedback(report(), marks("ada", *many))
    assert len(page.encode()) < 50_000
    assert page.rstrip().endswith("</html>")


def test_the_summary_counts_learners_and_tells_the_commonest_errors() -> None:
    axis = part("01.one/a", "failed", "You summed\nover \x1b[31mcolumns.")
    few = [marks("a", axis, replace(axis, id="01.one/b")), marks("b", axis), marks("c")]
    text = summary.text(report(*few))
    assert "3 learners" in text and "2 x failed: You summed over [31mcolumns." in text
    assert "\x1b" not in text and "01.one" in text
    row = summary.rows(report(*few))[0]
    assert (row.passed, row.possible, row.errors[0][2]) == (0, 4, 2)


def test_the_summary_says_what_could_not_be_judged() -> None:
    lost = marks("a", part("01.one/a", "infrastructure", "Not judged: x"))
    assert "1 of 2 could not be judged" in summary.text(report(lost, marks("b")))


def test_a_report_of_nobody(tmp_path: Path) -> None:
    grading.write(tmp_path, report(), tuple(tables.KINDS))
    assert json.loads((tmp_path / "results.json").read_bytes())["results"] == []
