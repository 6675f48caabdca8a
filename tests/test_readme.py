"""Programs in README.md and docs/ run as they stand, and print what stands below them."""

from __future__ import annotations

import re
import subprocess
import sys
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path

import pytest

import minidl
from minidl.compiler import trace
from minidl.compiler.native import building
from minidl.compiler.native.emitting import native

from .house.source import ROOT

FENCED = re.compile(r"^```(python|text|c)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = FENCED.findall((ROOT / "README.md").read_text())
README = [text for kind, text in BLOCKS if kind == "python"]
PAGES = {path.name: FENCED.findall(path.read_text()) for path in sorted(ROOT.glob("docs/*.md"))}
NEXT = "--- the next block ---\n"
NEEDS_C = pytest.mark.skipif(building.compiler() is None, reason="there is no C compiler")


def run(program: Path, text: str) -> str:
    """What a program prints."""
    program.write_text(text)
    command = [sys.executable, "-W", "error", str(program)]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def same(said: str, printed: str) -> None:
    """Dots stand for anything."""
    said, printed = said.strip() + "\n", printed.strip() + "\n"
    assert OutputChecker().check_output(said, printed, ELLIPSIS), f"{said}\nis said, but\n{printed}"


def test_the_network_learns(tmp_path: Path) -> None:
    assert float(run(tmp_path / "learn.py", README[0]).split()[-1]) > 0.96


@NEEDS_C
def test_the_compiled_step_learns_as_well(tmp_path: Path) -> None:
    before, loop = README[0].split("for epoch", 1)
    after = loop[loop.index("x, y = datasets") :]
    after += "assert 'NativeProgram' in str(step.explain())\n"
    assert float(run(tmp_path / "learn.py", before + README[1] + after).split()[-1]) > 0.96


def test_the_operation_is_the_real_one() -> None:
    source = (ROOT / "minidl/ops/elementwise.py").read_text()
    assert README[2] in source, "README shows an operation that elementwise.py no longer has"


@NEEDS_C
@pytest.mark.parametrize("name", [name for name, blocks in PAGES.items() if blocks])
def test_a_page_prints_what_it_says(name: str, tmp_path: Path) -> None:
    """Its blocks are one program; a block of text is what the block before it prints."""
    programs, said = [], {}
    for kind, text in PAGES[name]:
        if kind == "python":
            programs.append(text)
        elif kind == "text":
            said[len(programs) - 1] = text
    assert said, "a page with a program and nothing to hold it to"
    whole = f"\nprint({NEXT!r}, end='')\n".join(programs)
    printed = run(tmp_path / "page.py", whole).split(NEXT)
    assert len(printed) == len(programs)
    for number, text in said.items():
        same(text, printed[number])


@NEEDS_C
def test_softmax_is_the_loop_that_is_shown() -> None:
    shown = [text for kind, text in PAGES["compiling.md"] if kind == "c"]
    graph = trace(lambda x: minidl.softmax(x, dim=-1))(minidl.randn(64, 1000))
    source = native(graph, [None]).source()
    begin = source.index("APART void loop_0")
    same(shown[0], source[begin : source.index("\n}\n", begin) + 3])
