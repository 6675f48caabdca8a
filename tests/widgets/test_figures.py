"""Figures as SVG: the same bytes each time, no paper, black as ink, the learner's choice kept."""

from __future__ import annotations

import xml.etree.ElementTree as xml
from typing import Any

import matplotlib.figure
import pytest
from minidl_widgets import figures

SPACE = "{http://www.w3.org/2000/svg}"


def drawn() -> matplotlib.figure.Figure:
    figure = matplotlib.figure.Figure(figsize=(6, 3))
    left, right = figure.subplots(1, 2)
    left.plot([0, 1, 2], [1, 0, 3], label="loss")
    left.plot([0, 1, 2], [0, 1, 1], "k*", label="seen")
    left.set(xlabel="step", title="Loss < 1 & falling")
    left.legend()
    right.imshow([[0, 1], [2, 3]], cmap="gray_r")
    right.contour([[0.0, 1.0], [2.0, 3.0]], colors="black")
    return figure


def test_the_same_figure_gives_the_same_bytes():
    first = figures.svg(drawn())
    assert first == figures.svg(drawn())
    assert "2026" not in first and matplotlib.__version__ not in first
    assert len(first) < 20_000


def test_black_is_ink_and_white_is_no_paper():
    figure = drawn()
    figure.delaxes(figure.axes[1])
    text = figures.svg(figure)
    root = xml.fromstring(text)
    assert "currentColor" in root.attrib["style"] and "#000000" not in text
    assert "stroke: currentColor" in text and "#1f77b4" in text
    grounds = [group for group in root.iter(f"{SPACE}g") if group.get("id") == "mdl-page-0"]
    assert text.count("fill: #ffffff") == len(grounds) == 1, "the legend's, in the page's colour"
    words = [one.text for one in root.iter(f"{SPACE}text")]
    assert {"step", "loss", "seen", "Loss < 1 & falling"} <= set(words)
    assert root.findtext(f"{SPACE}title") == "Loss < 1 & falling"


def test_a_map_keeps_its_paper_and_what_is_written_on_it():
    figure = drawn()
    figure.axes[1].text(0, 0, "on pale orange")
    root = xml.fromstring(figures.svg(figure))
    kept = [one for one in root.iter(f"{SPACE}g") if one.get("id", "").startswith("mdl-paper-1")]
    written = [text.text for group in kept for text in group.iter(f"{SPACE}text")]
    assert written == ["on pale orange"], "and not the numbers on the axes"
    assert len(kept) == 2 and len({group.get("id") for group in kept}) == 2
    assert "[id^=mdl-paper] { color: black }" in "".join(root.itertext())
    assert all(one.get_gid() is None for one in figure.findobj())


@pytest.mark.parametrize(("inches", "size"), [(6, {"width", "height"}), (16, {"width"})])
def test_a_wide_figure_takes_its_width_from_the_page(inches: float, size: set[str]):
    figure = drawn()
    figure.set_figwidth(inches)
    given = xml.fromstring(figures.svg(figure)).attrib
    assert {"width", "height"} & set(given) == size and "viewBox" in given
    assert (given["width"] == "100%") == (inches == 16)


def test_a_ground_that_somebody_chose_stays():
    figure = drawn()
    figure.axes[0].set_facecolor("#ffeecc")
    assert "fill: #ffeecc" in figures.svg(figure)


def test_the_figure_itself_is_left_as_it_was():
    figure = drawn()
    grounds = [figure.patch, *(axes.patch for axes in figure.axes)]
    before = [ground.get_facecolor() for ground in grounds]
    figures.svg(figure)
    assert [ground.get_facecolor() for ground in grounds] == before == [(1.0, 1.0, 1.0, 1.0)] * 3


@pytest.fixture
def shell() -> Any:
    """A notebook's shell whose figures are pictures of pixels, as IPython sets it up."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.pylabtools import select_figure_formats
    from matplotlib_inline.config import InlineBackend

    InlineBackend.clear_instance()
    shell = InteractiveShell()
    formats = InlineBackend.instance(parent=shell)
    formats.shell = shell
    select_figure_formats(shell, formats.figure_formats)
    yield shell
    InlineBackend.clear_instance()


# The inline backend's own observer is written in traitlets' older manner.
old_manner = pytest.mark.filterwarnings("ignore:.*_figure_formats_changed:DeprecationWarning")


@old_manner
def test_a_notebook_shows_svg_and_no_pixels(shell: Any):
    assert "image/png" in shell.display_formatter.format(drawn())[0]
    figures.follow_the_page(shell)
    for _ in range(2):
        data, _ = shell.display_formatter.format(drawn())
        assert data["text/plain"] == "<Figure size 600x300 with 2 Axes>"
        assert sorted(data) == ["image/svg+xml", "text/plain"]


@old_manner
def test_whoever_asks_for_another_format_gets_it(shell: Any):
    from matplotlib_inline.config import InlineBackend

    figures.follow_the_page(shell)
    shell.display_formatter.format(drawn())
    InlineBackend.instance().figure_formats = {"png"}
    assert sorted(shell.display_formatter.format(drawn())[0]) == ["image/png", "text/plain"]
