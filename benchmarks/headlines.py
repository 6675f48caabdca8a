"""How a lesson ends under other seeds: its whole solution is run again, and its headline collected.

    python -m benchmarks.headlines 01
    python -m benchmarks.headlines 01 --seeds 10

A lesson that can be measured says `SEED = 0` in one cell, which fixes its data and its start, and
`headline = ...` in another, the number it is proud of. A threshold may be printed in a lesson once
the mean over five seeds, less three standard deviations, lies above it.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
from typing import Any

import nbformat
from nbclient import NotebookClient

from minidl.grading.builder import unsolved
from minidl.grading.course import Lesson, find_lesson

SEED = re.compile(r"^SEED = \d+$", re.MULTILINE)
HEADLINE = re.compile(r"^headline = ", re.MULTILINE)


def headline(lesson: Lesson, seed: int) -> float:
    """The lesson's headline when its SEED is this one."""
    notebook: Any = nbformat.from_dict(unsolved(lesson))
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    if len(SEED.findall(text)) != 1 or len(HEADLINE.findall(text)) != 1:
        raise SystemExit(f"{lesson.name} needs one line `SEED = 0` and one line `headline = ...`.")
    for cell in notebook.cells:
        cell.source = SEED.sub(f"SEED = {seed}", cell.source)
    notebook.cells.append(nbformat.v4.new_code_cell("print(repr(float(headline)))"))
    with tempfile.TemporaryDirectory() as folder:
        place = {"metadata": {"path": folder}}
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources=place).execute()
    return float(notebook.cells[-1].outputs[0].text)


def main() -> None:
    """Prints a line for each seed, then the mean, the deviation and what may be promised."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lesson", help='a lesson\'s number or name: "01", "value"')
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds to try (five)")
    asked = parser.parse_args()
    lesson, found = find_lesson(asked.lesson), []
    for seed in range(asked.seeds):
        found.append(headline(lesson, seed))
        print(f"{lesson.name}, seed {seed}: {found[-1]:.4f}", flush=True)
    mean, spread = statistics.mean(found), statistics.stdev(found)
    promise = mean - 3 * spread
    print(f"mean {mean:.4f}, standard deviation {spread:.4f}, mean - 3 deviations {promise:.4f}")


if __name__ == "__main__":
    main()
