"""What of a cell only IPython reads is left out, and nothing that is Python."""

from __future__ import annotations

import pytest

from minidl.grading.worker.cells import without_magics


@pytest.mark.parametrize(
    "source",
    [
        "def f(a, b):\n    return b, a  # right?",
        "x = (7\n     % 4)",
        "text = '''\n!ls\nsum?\n%time\n'''",
        "is_it = 1  # why??",
        "",
    ],
)
def test_what_is_python_stays(source: str) -> None:
    assert without_magics(source) == source


@pytest.mark.parametrize(
    "line", ["%matplotlib inline", "!ls", "sum?", "np.sum??", "?sum", "??np.sum", "%time?", "  !x"]
)
def test_what_only_ipython_reads_is_left_out(line: str) -> None:
    assert without_magics(f"a = 1\n{line}\nb = a  # so?") == "a = 1\nb = a  # so?"


@pytest.mark.parametrize(("first", "left"), [("%%html", ""), ("%%time", "x = 1")])
def test_a_whole_cell_for_another_program_is_left_out(first: str, left: str) -> None:
    assert without_magics(f"{first}\nx = 1") == left
