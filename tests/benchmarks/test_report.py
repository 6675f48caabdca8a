"""Tables, pictures and checks of results that are made up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import asked
from benchmarks.contest import agree, ratio
from benchmarks.report import BEGIN, END, digits, lines, markdown, put


def told(*seconds: float, losses: tuple[float, ...] = (2.0, 1.0)) -> dict[str, Any]:
    start = {"import": 0.5, "first": 0.25, "peak": 150.0, "before": 100.0, "version": "1.0"}
    return {"seconds": list(seconds), "losses": list(losses), "blas": "openblas X", **start}


FOUND = {
    "minidl": told(0.001, 0.002, 0.003),
    "minidl compiled": {"missing": "not yet"},
    "torch": told(0.004, 0.004, 0.003),
}
RESULT = {
    "machine": {
        "date": "2026-01-31",
        "processor": "P",
        "cores": 2,
        "system": "S",
        "python": "3.11",
        "numpy": "2.0",
    },
    "threads": 2,
    "rounds": 3,
    "cold": True,
    "load": [0.1, 1.9],
    "workloads": {"W1s": {"words": "small", "found": FOUND}},
}


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    assert ratio(FOUND, "minidl") == 2.0
    assert ratio(FOUND, "torch") == 1.0
    assert ratio(FOUND, "minidl compiled") is None
    assert ratio({"minidl": FOUND["minidl"]}, "minidl") is None


def test_three_digits() -> None:
    assert [digits(x) for x in (0.012345, 0.12345, 1.2345, 12.345, 123.45, 1234.5)] == [
        "0.012", "0.123", "1.23", "12.3", "123", "1234",
    ]  # fmt: skip


def test_the_terminals_lines() -> None:
    text = lines("W1s", "small", FOUND)
    assert re.search(r"minidl +2 ms +\(1 to 3\) +2\.00 x torch", text)
    assert "minidl compiled  left out: not yet" in text
    assert "150 MB,    50 for training" in text
    assert "losses agree: 2.00000 at first, 1.00000 after 2 steps" in text


def test_the_pages_tables() -> None:
    text = markdown(RESULT)
    assert "|  | W1s |\n|---|---|\n| minidl | 2.00 |\n| torch | 1.00 |" in text
    assert "| minidl | 2 |\n| torch | 4 |" in text
    assert "first step was done, compilers with empty caches:" in text
    assert "Left out, minidl compiled: not yet." in text
    assert "NumPy 2.0 (openblas X); minidl 1.0, torch 1.0" in text


def test_tables_are_put_between_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    put("new", page)
    put("new", page)
    assert page.read_text() == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    page.write_text("no markers")
    with pytest.raises(ValueError, match="needs one line"):
        put("new", page)


def test_the_page_about_speed_has_the_markers() -> None:
    page = (Path(__file__).parents[2] / "docs" / "speed.md").read_text()
    assert page.count(BEGIN) == page.count(END) == 1


def test_losses_that_differ_stop_the_run_or_leave_a_peer_out() -> None:
    one = {"minidl": told(losses=(2.0, 1.0))}
    assert agree("W", one | {"torch": told(losses=(2.0001, 1.0009))}) == {}
    with pytest.raises(AssertionError, match="after 1 steps"):
        agree("W", one | {"torch": told(losses=(2.001, 1.0))})
    with pytest.raises(AssertionError, match="after 2 steps"):
        agree("W", one | {"minidl compiled": told(losses=(2.0, 1.01))})
    with pytest.raises(AssertionError):
        agree("W", one | {"torch": told(losses=(2.0, float("nan")))})
    assert list(agree("W", one | {"jax": told(losses=(2.0, 1.01))})) == ["jax"]


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_a_picture_is_drawn(suffix: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from benchmarks.picture import draw

    path = tmp_path / f"a{suffix}"
    draw(RESULT, path)
    first = path.read_bytes()
    draw(RESULT, path)
    assert path.read_bytes() == first and len(first) > 2000


def test_names_with_commas_or_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    options = asked(["--workloads", "W1s,W1", "W4", "--peers", "torch,jax"])
    assert options.workloads == ["W1s", "W1", "W4"] and options.peers == ["torch", "jax"]
    with pytest.raises(SystemExit):
        asked(["--workloads", "W9"])
    assert "'W9' is none of W1s" in capsys.readouterr().err
