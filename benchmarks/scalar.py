"""The engine that lesson 01 writes, beside micrograd: one full-batch step on 100 points.

    python -m benchmarks.scalar
    python -m benchmarks.scalar --rounds 9 --points 50

Both get one network (2-16-16-1, relu), one loss (the margin's hinge, and a little weight decay) and
the same numbers, as in micrograd's own demonstration: half moons, points of two kinds. Losses and
weights are compared. Each runs in processes of its own, in turn, since what one leaves to Python's
collector of cycles slows the other. The engine is the answer in lesson 01's notebook, cell by cell.
`pip install micrograd` brings the other one.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import process_time
from typing import Any

from minidl.grading.course import find_lesson
from minidl.grading.course.builder import unsolved

PARTS = ("01.mul", "01.bends", "01.value", "01.uses", "01.backward")
SIZES = (2, 16, 16, 1)
Point = tuple[float, float, int]  # x, y, and which of the two moons: -1 or 1


def engine() -> Any:
    """`Value` as lesson 01's answers make it."""
    cells = [
        cell["source"]
        for cell in unsolved(find_lesson("01"))["cells"]
        if cell["metadata"].get("exercise", "") in PARTS
    ]
    names: dict[str, Any] = {"math": math}
    for source in cells:
        exec(source, names)  # noqa: S102
    return names["Value"]


def moons(points: int) -> list[Point]:
    """Two half circles, one pushed into the other, with some noise."""
    draws, found = random.Random(1), []
    for number in range(points):
        angle, kind = math.pi * draws.random(), number % 2
        x, y = math.cos(angle), math.sin(angle)
        x, y = (1 - x, 0.5 - y) if kind else (x, y)
        found.append((x + draws.gauss(0, 0.1), y + draws.gauss(0, 0.1), 2 * kind - 1))
    return found


def first_weights() -> list[list[list[float]]]:
    """For each layer, for each neuron: its weights, its bias last."""
    draws = random.Random(2)
    return [
        [[draws.uniform(-1, 1) for _ in range(inputs)] + [0.0] for _ in range(outputs)]
        for inputs, outputs in zip(SIZES, SIZES[1:], strict=False)
    ]


def neuron(weights: list[Any], inputs: Iterable[Any]) -> Any:
    """weights . inputs + bias"""
    return sum((w * x for w, x in zip(weights, inputs, strict=False)), weights[-1])


def training(value: Any, points: list[Point]) -> tuple[Callable[[], float], list[Any]]:
    """A step of a network made of `value`s, which returns its loss; and all its weights."""
    layers = [[[value(w) for w in neuron] for neuron in layer] for layer in first_weights()]
    weights = [w for layer in layers for neuron in layer for w in neuron]

    def score(x: list[Any]) -> Any:
        for layer in layers[:-1]:
            x = [neuron(row, x).relu() for row in layer]
        return neuron(layers[-1][0], x)

    def step() -> float:
        hinges = [(1 + -kind * score([value(x), value(y)])).relu() for x, y, kind in points]
        loss: Any = sum(hinges) * (1.0 / len(hinges)) + 1e-4 * sum(w * w for w in weights)
        for w in weights:
            w.grad = 0.0
        loss.backward()
        for w in weights:
            w.data -= 0.1 * w.grad
        return loss.data

    return step, weights


def alone(side: str, points: int, steps: int) -> dict[str, list[float]]:
    """Losses, last weights, processor seconds of all steps but the first, in this process."""
    value = engine() if side == "minidl" else import_module("micrograd.engine").Value
    step, weights = training(value, moons(points))
    losses, seconds = [step()], []
    for _ in range(steps):
        begun = process_time()
        losses.append(step())
        seconds.append(process_time() - begun)
    return {"losses": losses, "weights": [w.data for w in weights], "seconds": seconds}


def apart(side: str, points: int, steps: int) -> dict[str, list[float]]:
    """The same in a process of its own."""
    options = ["--side", side, "--points", str(points), "--steps", str(steps)]
    command = [sys.executable, "-m", "benchmarks.scalar", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def agree(ours: dict[str, list[float]], theirs: dict[str, list[float]]) -> None:
    """Raises where two engines do not find the same losses and weights."""
    for what in ("losses", "weights"):
        for a, b in zip(ours[what], theirs[what], strict=True):
            if not math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9):
                raise AssertionError(f"The engines' {what} differ: {a} and {b}.")


def main() -> None:
    """Prints the losses, and milliseconds a step of both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="processes of each side (5)")
    parser.add_argument("--steps", type=int, default=3, help="steps of each that are timed (3)")
    parser.add_argument("--points", type=int, default=100, help="points of the two moons (100)")
    parser.add_argument("--side", help="only this one, here, answered as JSON")
    asked = parser.parse_args()
    if asked.side:
        print(json.dumps(alone(asked.side, asked.points, asked.steps)))
        return
    names = ["minidl", "micrograd"] if find_spec("micrograd") else ["minidl"]
    rounds = [
        {name: apart(name, asked.points, asked.steps) for name in names}
        for _ in range(asked.rounds)
    ]
    for name, words in (("minidl", "lesson 01"), ("micrograd", "micrograd")):
        if name not in names:
            print("micrograd is not installed, so lesson 01 stands alone: pip install micrograd")
            return
        losses, times = rounds[0][name]["losses"], [median(r[name]["seconds"]) for r in rounds]
        print(f"{words}: {1e3 * median(times):.0f} ms a step, loss {losses[0]:.6f}", end=" ")
        print(f"at first and {losses[-1]:.6f} in step {len(losses)}")
        agree(rounds[0]["minidl"], rounds[0][name])
    ratios = [median(r["micrograd"]["seconds"]) / median(r["minidl"]["seconds"]) for r in rounds]
    print(f"lesson 01 has {median(ratios):.1f} times micrograd's speed", end=" ")
    print(f"({min(ratios):.1f} to {max(ratios):.1f})")


if __name__ == "__main__":
    main()
