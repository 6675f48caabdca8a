"""What the site is made of, and how its links are followed; `make docs` builds it whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from minidl.grading.course import lessons

pytest.importorskip("sphinx")
pytest.importorskip("latex2mathml")

from docs.site import docstrings, reference, sources  # noqa: E402
from docs.site.links import broken, leave_back_links_out  # noqa: E402


def rst(text: str) -> list[str]:
    return docstrings.as_rst(text.splitlines())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("z = x * y", ["z = x \\* y", ""]),
        ("Use `a*b` or ``c``s.", ["Use ``a*b`` or ``c``\\ s.", ""]),
        ("One line\nand its end.", ["One line and its end.", ""]),
        ("A formula:\n\n    y = x_1", ["A formula:", "", "::", "", "    y = x_1", ""]),
        (
            "x: an array,\n    of numbers.\nn, m: sizes.",
            ["* ``x``: an array,", "  of numbers.", "* ``n, m``: sizes.", ""],
        ),
        (
            "Args:\n    x: an array,\n        of `n`.\nRaises:\n    ShapeError: if not.",
            ["**Args:**", "", "* ``x``: an array,", "  of ``n``.", ""]
            + ["**Raises:**", "", "* ``ShapeError``: if not.", ""],
        ),
        ("Source: A. B., a\nbook.", ["**Source:** A. B., a book.", ""]),
        ("a * b, where a: so", ["a \\* b, where a: so", ""]),
        ("Told first.\nx: an array.", ["Told first.", "", "* ``x``: an array.", ""]),
    ],
)
def test_docstrings_are_read_as_they_are_written(text: str, wanted: list[str]):
    assert rst(text) == wanted


def test_every_public_name_has_a_place_and_only_one():
    pages = dict(reference.pages())
    text = "\n".join(pages.values())
    for name in (
        "minidl.nn.Linear",
        "minidl.nn.functional.cross_entropy",
        "minidl.check_grad",
        "minidl.data.datasets.mnist",
        "minidl_widgets.GraphStepper",
    ):
        assert text.count(f":: {name}\n") == 1, name
    assert set(reference.FACES) | {"index"} == set(pages)
    assert all(".. auto" in page for name, page in pages.items() if name != "index")


def test_the_sources_hold_guides_lessons_and_pictures(tmp_path: Path):
    sources.lay_out(tmp_path)
    home = (tmp_path / "index.md").read_text(encoding="utf-8")
    for lesson in lessons():
        assert f"lessons/{lesson.name}" in home
        held = (tmp_path / f"lessons/{lesson.name}.ipynb").read_bytes()
        assert held == lesson.solution.read_bytes()
    assert (tmp_path / "pictures/cpu.svg").is_file()
    assert "](lessons/01_value.ipynb)" in (tmp_path / "tour.md").read_text(encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "gone.md").write_text("a page of last year")
    sources.lay_out(tmp_path)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before


def test_links_into_the_clone_become_plain_text():
    text = (
        "[a](speed.md#x) [b](../minidl/cli.py) [c](https://example.org) ![d](../benchmarks/e.svg)"
    )
    found = sources._inside(text, sources.DOCS)
    assert found == "[a](speed.md#x) b [c](https://example.org) ![d](pictures/e.svg)"


def test_links_are_followed(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.html").write_text(
        '<h1 id="top">A</h1> <a href="deep/b.html#end">b</a> <a href="#top">up</a>'
        '<a href="https://example.org">afar</a><img src="data:image/png;base64,aa">'
    )
    (tmp_path / "deep/b.html").write_text('<a name="end" href="../a.html">a</a>')
    assert list(broken(tmp_path)) == []
    (tmp_path / "c.html").write_text(
        '<a href="none.html">x</a><a href="a.html#nowhere">y</a>'
        '<script src="https://cdn.example.org/x.js"></script><link rel="x" href="gone.css">'
    )
    (tmp_path / "d.css").write_text("@import url('https://fonts.example.org');")
    assert list(broken(tmp_path)) == [
        "c.html links to none.html, which is not there",
        "c.html links to a.html#nowhere, where there is no such place",
        "c.html loads https://cdn.example.org/x.js",
        "c.html links to gone.css, which is not there",
        "d.css loads something from elsewhere",
    ]


def test_source_pages_lead_back_nowhere_wrong(tmp_path: Path):
    page = tmp_path / "_modules" / "x.html"
    page.parent.mkdir()
    page.write_text('<a class="viewcode-back" href="../names/x.html#y">[docs]</a>def y')
    leave_back_links_out(tmp_path)
    assert page.read_text() == "def y"


def test_formulas_become_mathml():
    from docutils import nodes

    from docs.site import formulas

    class Translator:
        def __init__(self) -> None:
            self.body: list[str] = []

    page = Translator()
    with pytest.raises(nodes.SkipNode):
        formulas.inline(page, nodes.math("", r"\lVert w \rVert"))
    with pytest.raises(nodes.SkipNode):
        formulas.block(page, nodes.math_block("", r"\frac{2}{\text{inputs}}"))
    assert all("<math" in one and "\\" not in one for one in page.body) and len(page.body) == 2


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_every_formula_of_a_lesson_can_be_drawn(lesson):
    from latex2mathml.converter import convert

    from tests.lessons.glossary import course_cells
    from tests.lessons.words import MATH

    cells = next(cells for one, cells in course_cells() if one.name == lesson.name)
    for cell in cells:
        for one, other in MATH.findall(cell.source) if cell.kind == "markdown" else ():
            assert "\\" not in convert(one or other), one or other
