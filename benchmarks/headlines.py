"""Every lesson's real result under five seeds, its spread, and what the lesson may promise.

    python -m benchmarks.headlines             every lesson, as it was recorded
    python -m benchmarks.headlines 01 04       measured now
    python -m benchmarks.headlines all --save  measured and recorded in results/headlines.json

A lesson says `headline = ...` in one cell: a number, which another line `SEED = 0` fixes together
with the data and the start (the whole solution is run once for each seed); or a list of five, one
for each seed; or a dictionary of such, by name. It promises `headline >= 0.95`, `min(headline) >=
0.95` or `max(headline["steps"]) <= 90`: the mean less (or plus) three standard deviations.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import nbformat
from nbclient import NotebookClient

from benchmarks.machine import facts
from minidl.grading.course import Lesson, find_lesson, lessons
from minidl.grading.course.builder import unsolved

RESULTS = Path(__file__).parent / "results" / "headlines.json"
SEEDS = range(5)
SEED = re.compile(r"^SEED = \d+\b", re.MULTILINE)
HEADLINE = re.compile(r"^headline = ", re.MULTILINE)
PROMISE = re.compile(
    r"\b(?:(?:min|max)\()?headline(?:\[[\"'](?P<name>.+?)[\"']\])?\)?"
    r" (?P<side>>=|<=) (?P<bound>\d+(?:\.\d+)?(?:e-?\d+)?)"
)


@final
@dataclass(frozen=True)
class Promise:
    """What a lesson prints: its headline `name` is on this side of the bound."""

    name: str
    side: str
    bound: float
    digits: int  # after the point, as written

    def kept(self, figures: list[float]) -> bool:
        """Whether mean and three standard deviations of the figures lie on the right side."""
        limit = edge(figures, self.side)
        return self.bound <= limit if self.side == ">=" else self.bound >= limit


def edge(figures: list[float], side: str = ">=") -> float:
    """Mean minus three standard deviations, or plus them where less is better."""
    reach = 3 * statistics.stdev(figures)
    return statistics.mean(figures) + (-reach if side == ">=" else reach)


def code_of(lesson: Lesson) -> str:
    """The solution's code cells."""
    cells = unsolved(lesson)["cells"]
    return "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")


def promises(lesson: Lesson) -> list[Promise]:
    """What the lesson's code promises of its headline."""
    return [
        Promise(
            found["name"] or "",
            found["side"],
            float(found["bound"]),
            len(found["bound"].partition("e")[0].partition(".")[2]),
        )
        for found in PROMISE.finditer(code_of(lesson))
    ]


def measure(lesson: Lesson) -> dict[str, list[float]]:
    """The headline's figures by name, "" for the only one; five of each.

    Raises ValueError where the lesson names no headline, or a number without a SEED.
    """
    text = code_of(lesson)
    if len(HEADLINE.findall(text)) != 1:
        raise ValueError(f"{lesson.name} needs one line `headline = ...`.")
    seeded = len(SEED.findall(text)) == 1
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        for name, figures in _listed(_headline(lesson, seed if seeded else None)):
            found.setdefault(name, []).extend(figures)
        if all(len(figures) == len(SEEDS) for figures in found.values()):
            return found
        if not seeded:
            raise ValueError(f"{lesson.name}: without `SEED = 0` its headline lists five figures.")
    return found


def _listed(headline: Any) -> Iterator[tuple[str, list[float]]]:
    named = headline if isinstance(headline, dict) else {"": headline}
    for name, value in named.items():
        yield name, [float(one) for one in (value if isinstance(value, list) else [value])]


def _headline(lesson: Lesson, seed: int | None) -> Any:
    """The lesson's headline when its SEED is this one."""
    notebook: Any = nbformat.from_dict(unsolved(lesson))
    for cell in notebook.cells if seed is not None else ():
        cell.source = SEED.sub(f"SEED = {seed}", cell.source)
    last = "import json; print(json.dumps(headline, default=float))"
    notebook.cells.append(nbformat.v4.new_code_cell(last))
    with tempfile.TemporaryDirectory() as folder:
        place = {"metadata": {"path": folder}}
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources=place).execute()
    return json.loads(notebook.cells[-1].outputs[0].text)


def recorded() -> dict[str, dict[str, list[float]]]:
    """The figures by lesson and name, as they were saved."""
    return json.loads(RESULTS.read_text(encoding="utf-8"))["lessons"] if RESULTS.is_file() else {}


def save(lesson: Lesson, found: dict[str, list[float]]) -> None:
    """Puts one lesson's figures into the file."""
    kept = {**recorded(), lesson.name: found}
    text = json.dumps({"machine": facts(), "lessons": dict(sorted(kept.items()))}, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def lines(lesson: Lesson, found: dict[str, list[float]]) -> Iterator[str]:
    """What there is to read about a lesson: figures, mean, deviation, promise."""
    sides = {promise.name: promise for promise in promises(lesson)}
    for name, figures in found.items():
        promise = sides.get(name)
        side = promise.side if promise else ">="
        yield f"{lesson.name} {name}".rstrip() + ": " + ", ".join(f"{x:.4g}" for x in figures)
        yield (
            f"    mean {statistics.mean(figures):.4g}, standard deviation "
            f"{statistics.stdev(figures):.2g}, three of them away {edge(figures, side):.4g}; "
            + (f"promised {side} {promise.bound:g}" if promise else "nothing is promised")
        )


def main(arguments: list[str] | None = None) -> None:
    """Prints two lines for each headline number."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lessons", nargs="*", help='numbers or names to measure now, or "all"')
    parser.add_argument("--save", action="store_true", help="record what was measured")
    asked = parser.parse_args(arguments)
    every = lessons() if asked.lessons == ["all"] else [find_lesson(name) for name in asked.lessons]
    for lesson in every or [one for one in lessons() if one.name in recorded()]:
        found = measure(lesson) if every else recorded()[lesson.name]
        print("\n".join(lines(lesson, found)), flush=True)
        if asked.save and every:
            save(lesson, found)


if __name__ == "__main__":
    main()
