"""How cost grows: with batch, width, depth and length beside PyTorch; with the size of a graph.

    python -m benchmarks.growth
    python -m benchmarks.growth --only batch width --limit 3 --compiled
    python -m benchmarks.growth --only operations --save

A size is doubled from small until one step takes longer than the limit. To the upper half of the
points, where overhead no longer counts, a straight line is fitted on logarithmic scales: its slope
is the power with which cost grows. One thread, processor time, the sides in turn, medians.

"operations" is a graph of up to 200,000 calls on small arrays: seconds to trace it, to run the
passes, to emit a program and to run it, against its size. A slope of 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, NamedTuple

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is loaded
os.environ["OMP_NUM_THREADS"] = "1"

import minidl
from benchmarks.machine import facts, load
from benchmarks.workloads import WORKLOADS, Workload, batches, tensors, train_step, weights

RESULTS = Path(__file__).parent / "results"
ROUNDS, ENOUGH = 5, 0.02  # turns of each side, and seconds that a turn lasts at least
Times = dict[str, float]  # seconds, by side
Points = list[tuple[int, float]]  # size, seconds


class Axis(NamedTuple):
    """What is doubled, in which workload, and the sizes that follow from it."""

    words: str
    work: Workload
    sizes: Callable[[int], dict[str, Any]]
    begin: int


MLP, GPT = WORKLOADS["W1"], WORKLOADS["W4"]
AXES = {
    "batch": Axis("MLP 784-256-128-10, by batch", MLP, lambda n: {"batch": n}, 1),
    "width": Axis("MLP 64-n-n-10, by n", MLP, lambda n: {"widths": (64, n, n, 10)}, 8),
    "depth": Axis("MLP of n layers 64-64", MLP, lambda n: {"widths": (*[64] * n, 10)}, 2),
    "length": Axis("GPT, batch 1, by length", GPT, lambda n: {"batch": 1, "length": n}, 8),
}


def doubling(
    begin: int, limit: float, timed: Callable[[int], dict[str, float]]
) -> dict[str, Points]:
    """Points of each side, until the slowest side needs longer than the limit."""
    found: dict[str, Points] = {}
    size, slowest = begin, 0.0
    while slowest <= limit:
        for side, seconds in timed(size).items():
            found.setdefault(side, []).append((size, seconds))
            slowest = max(slowest, seconds)
        size *= 2
    return found


def steps_of(
    axis: Axis, size: int, sides: dict[str, Any]
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """A step of each side at one size."""
    work = axis.work.sized(**axis.sizes(size))
    start, given = weights(work), batches(work)[:1]
    for side, (m, around) in sides.items():
        step, pair = around(train_step(m, work, start)), tensors(m, given)[0]
        yield side, lambda step=step, pair=pair: step(*pair)


def times(axis: Axis, size: int, sides: dict[str, Any]) -> Times:
    """Seconds of a step of each side: medians of turns."""
    steps, repeat = dict(steps_of(axis, size, sides)), {}
    for side, step in steps.items():
        step()
        begun = process_time()
        step()
        repeat[side] = max(1, round(ENOUGH / max(process_time() - begun, 1e-6)))
    found: dict[str, list[float]] = {side: [] for side in steps}
    for _ in range(ROUNDS):
        for side, step in steps.items():
            begun = process_time()
            for _ in range(repeat[side]):
                step()
            found[side].append((process_time() - begun) / repeat[side])
    return {side: median(seconds) for side, seconds in found.items()}


def slope(points: Points) -> float:
    """The power of growth: least squares over the logarithms of the upper half of the points.

    Raises:
        ValueError: one point has no slope.
    """
    upper = points[(len(points) - 1) // 2 :] if len(points) > 2 else points
    if len(upper) < 2:
        raise ValueError("A slope needs two points; allow more time with --limit.")
    x, y = ([math.log(value) for value in column] for column in zip(*upper, strict=True))
    middle, height = sum(x) / len(x), sum(y) / len(y)
    products = sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True))
    return products / sum((a - middle) ** 2 for a in x)


# A graph of many calls ------------------------------------------------------------------------


def row(calls: int) -> Callable[[Any, Any], Any]:
    """A function of so many primitive calls in a row, none of which a pass can leave out."""

    def function(x: Any, y: Any) -> Any:
        for number in range(calls):
            if number % 3 == 0:
                x = x * y
            elif number % 3 == 1:
                x = x + y
            else:
                x = x.tanh()
        return x

    return function


def graph_times(calls: int, backend: str) -> Times:
    """Seconds to trace a row of calls, to optimise it, to emit its program and to run that."""
    from minidl.compiler import trace
    from minidl.compiler.emitting import program_of
    from minidl.compiler.passes import optimise

    x, y = minidl.full((8, 8), 0.5), minidl.full((8, 8), 0.9)
    clock = [process_time()]

    def lap() -> float:
        clock.append(process_time())
        return clock[-1] - clock[-2]

    graph = trace(row(calls))(x, y)
    found = {"trace": lap()}
    graph = optimise(graph)
    found["optimise"] = lap()
    program, notes = program_of(graph, [None], backend)
    found["emit"] = lap()
    if notes:
        raise RuntimeError(f"Another program was made: {notes}")
    for place, tensor in enumerate((x, y)):
        program.bind(place, tensor.numpy())
    program.run()
    lap()
    program.run()
    return found | {"run": lap()}


def graphs(largest: int, backend: str, smallest: int = 1000) -> dict[str, Points]:
    """Points of `graph_times`; sizes grow by about the square root of ten."""
    found: dict[str, Points] = {}
    sizes = [smallest * 10**decade * first for decade in range(9) for first in (1, 3)]
    for calls in [*(size for size in sizes if size < largest), largest]:
        for part, seconds in graph_times(calls, backend).items():
            found.setdefault(part, []).append((calls, seconds))
    return found


# What is told ---------------------------------------------------------------------------------


def table(words: str, found: dict[str, Points], unit: str) -> str:
    """Sizes down, sides across, and below them the slopes."""
    text = [words, f"{unit:>12}" + "".join(f"{side:>18}" for side in found)]
    for place, (size, _) in enumerate(next(iter(found.values()))):
        cells = "".join(f"{1e3 * points[place][1]:15.3f} ms" for points in found.values())
        text.append(f"{size:12}{cells}")
    slopes = "".join(f"{slope(points):18.2f}" for points in found.values())
    return "\n".join([*text, f"{'slope':>12}{slopes}"])


def draw(results: dict[str, dict[str, Points]], path: Path) -> None:
    """A panel for each axis, logarithmic both ways, slopes in the legend."""
    from benchmarks.picture import COLOURS, INK, keep, new, plain

    figure, panels = new(len(results), 3.3 * len(results), 3)
    panels = panels if len(results) > 1 else [panels]
    for panel, (name, found) in zip(panels, results.items(), strict=True):
        for side, points in found.items():
            words, (x, y) = f"{side}, slope {slope(points):.2f}", zip(*points, strict=True)
            panel.loglog(x, y, ".-", color=COLOURS.get(side), label=words)
        panel.set_xlabel(name)
        panel.legend(frameon=False, labelcolor=INK, fontsize=7)
        plain(panel)
        panel.set_title("seconds", loc="left", fontsize=8, color=INK)
    figure.subplots_adjust(wspace=0.3)
    keep(figure, path)


def sides_of(compiled: bool) -> dict[str, Any]:
    """Modules and what is put around their steps."""
    found: dict[str, Any] = {"minidl": (minidl, lambda step: step)}
    if compiled:
        found["minidl compiled"] = (minidl, minidl.compile)
    if find_spec("torch"):
        import torch

        torch.set_num_threads(1)
        found["torch"] = (torch, lambda step: step)
    else:
        print("PyTorch is not installed, so minidl stands alone.")
    return found


def main() -> None:
    """Prints a table for each axis, with slopes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    names = [*AXES, "operations"]
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="some of them")
    parser.add_argument("--limit", type=float, default=0.5, help="seconds a step at most (0.5)")
    parser.add_argument("--operations", type=int, default=200_000, help="of the largest graph")
    parser.add_argument("--backend", default="plan", help="that runs the graph: plan or native")
    parser.add_argument("--compiled", action="store_true", help="compiled steps too")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    asked = parser.parse_args()
    begun, results = load(), {}
    sides = sides_of(asked.compiled) if set(asked.only) & set(AXES) else {}
    for name in asked.only:
        if name == "operations":
            results[name] = graphs(asked.operations, asked.backend)
            print(table("a graph, by operations", results[name], name), flush=True)
            continue
        axis = AXES[name]
        results[name] = doubling(
            axis.begin, asked.limit, lambda size, axis=axis: times(axis, size, sides)
        )
        print(table(axis.words, results[name], name), flush=True)
    if asked.save:
        RESULTS.mkdir(exist_ok=True)
        kept = {"machine": facts(), "load": [begun, load()], "seconds": results}
        (RESULTS / "growth.json").write_text(json.dumps(kept) + "\n")
        draw(results, RESULTS / "growth.svg")


if __name__ == "__main__":
    main()
