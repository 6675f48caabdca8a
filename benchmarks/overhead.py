"""What the framework adds to an operation: microseconds above NumPy's own calls, forward and back.

    python -m benchmarks.overhead
    python -m benchmarks.overhead --rounds 200 --only relu matmul --size 8

Each operation is applied many times in a row to one small array whose gradient is wanted; then
`backward()` walks the row back. NumPy's own calls for the same numbers, forward and back, are timed
in the same rounds and taken off. PyTorch stands beside it where it is installed, with the same
calls taken off: below 0 it is quicker than NumPy alone. One thread, processor time, medians.

An operation: `z` is the array, `c` a constant of its shape, `w` a parameter that wants a gradient.
NumPy's way back: `g` is the gradient of `z`, which came from `x`, to be replaced by that of `x`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from importlib.util import find_spec
from statistics import median
from time import process_time
from typing import Any, NamedTuple

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is loaded

import numpy as np

import minidl

ROW = 24  # how often an operation is applied in a row


class Work(NamedTuple):
    """An operation in code that means the same in minidl and PyTorch, and in NumPy's words."""

    name: str
    code: str
    forward: str  # in NumPy
    back: str  # in NumPy
    operations: int = 1  # how many the code is
    extra: str = ""  # NumPy's gradient of w
    lead: tuple[int, ...] = ()  # leading sizes of the array, one less after each operation


LEAD = (1,) * ROW
WORKS = [
    Work("add", "z + c", "z + c", "g"),
    Work("add a number", "z + 1.5", "z + 1.5", "g"),
    Work("add a parameter", "z + w", "z + w", "g", extra="g.copy()"),
    Work("mul", "z * c", "z * c", "g * c"),
    Work("mul by a number", "z * 0.5", "z * 0.5", "g * 0.5"),
    Work("mul by a parameter", "z * w", "z * w", "g * w", extra="g * x"),
    Work("sub", "z - c", "z - c", "g"),
    Work("div", "z / c", "z / c", "g / c"),
    Work("neg", "-z", "-z", "-g"),
    Work("relu", "z.relu()", "np.maximum(z, 0)", "g * (z > 0)"),
    Work("exp, log", "z.exp().log()", "np.log(np.exp(z))", "g / z * z", 2),
    Work("tanh", "z.tanh()", "np.tanh(z)", "g * (1 - z * z)"),
    Work("sqrt", "z.sqrt()", "np.sqrt(z)", "g / (2 * z)"),
    Work("where", "m.where(q, z, c)", "np.where(q, z, c)", "np.where(q, g, 0)"),
    Work("matmul", "z @ w", "z @ w", "g @ w.T", extra="x.T @ g"),
    Work("linear", "F.linear(z, w, b)", "z @ w.T + b", "g @ w", extra="g.T @ x; e = g.sum(0)"),
    Work("sum", "z.sum(0)", "z.sum(0)", "np.broadcast_to(g, x.shape)", lead=LEAD),
    Work("mean", "z.mean(0)", "z.mean(0)", "np.broadcast_to(g / 1, x.shape)", lead=LEAD),
    Work("amax", "z.amax(0)", "z.max(0)", "g * (x == z)", lead=LEAD),
    Work("softmax", "z.softmax(-1)", "softmax(z)", "z * (g - (g * z).sum(-1, keepdims=True))"),
    Work("reshape", "z.reshape(s)", "z.reshape(s)", "g.reshape(s)"),
    Work("transpose", "z.transpose(0, 1)", "z.swapaxes(0, 1)", "g.swapaxes(0, 1)"),
    Work("x[0]", "z[0]", "z[0]", "placed(g, x.shape)", lead=LEAD),
    Work("cat", "m.cat([z, e])", "np.concatenate([z, e])", "g[: len(x)]"),
]


def softmax(z: np.ndarray) -> np.ndarray:
    """As anyone writes it in NumPy."""
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def placed(g: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The gradient of x[0]: zeros but there."""
    whole = np.zeros(shape, g.dtype)
    whole[0] = g
    return whole


def numbers(work: Work, size: int) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """The array, the gradient at the end of the row, and all else that the code names."""
    draws = np.random.default_rng(0)
    x, c, g = (draws.uniform(0.5, 1.0, (size, size)).astype("float32") for _ in range(3))
    w = np.linalg.qr(draws.normal(size=(size, size)))[0].astype("float32")  # keeps z's length
    if "z @ w" not in work.code and "linear" not in work.code:
        w = w / abs(w)  # signs: a product of many of them stays where it is
    named = {"c": c, "w": w, "b": c[0], "e": c[:0], "q": c > 0.7}
    return x.reshape(*work.lead, size, size), g, named


def function(head: str, loop: str, body: str, result: str, names: dict[str, Any]) -> Callable:
    """A function that runs some lines for each entry of a row."""
    lines = body.replace("; ", "\n        ")
    text = f"def row({head}):\n    for {loop}:\n        {lines}\n    return {result}"
    exec(text, names)  # noqa: S102
    return names["row"]


class Turns(NamedTuple):
    """What is timed of one side."""

    forward: Callable[[], Any]
    back: Callable[[Any], Any]
    ready: Callable[[], None]  # between two walks back, not timed


def in_numpy(work: Work, size: int) -> tuple[Turns, np.ndarray]:
    """NumPy's own calls, and the gradient that they find."""
    x, g, named = numbers(work, size)
    names = {"np": np, "softmax": softmax, "placed": placed, "s": (size, size), **named}
    forward = function("z", f"_ in range({ROW})", f"z = {work.forward}", "z", names)
    chain = [x]
    for _ in range(ROW):
        chain.append(eval(work.forward, names | {"z": chain[-1]}))  # noqa: S307
    steps = list(zip(chain[::-1][1:], chain[::-1], strict=False))
    body = f"d = {work.extra}; g = {work.back}" if work.extra else f"g = {work.back}"
    back = function("g", "x, z in steps", body, "g", names | {"steps": steps})
    return Turns(lambda: forward(x), lambda _: back(g), lambda: None), back(g)


def in_framework(m: Any, work: Work, size: int) -> tuple[Turns, Any]:
    """The same by minidl or PyTorch, and the leaf whose gradient tells whether it is the same."""
    x, g, named = numbers(work, size)
    names = {name: m.tensor(array) for name, array in named.items()}
    ws, bs = ([names[name].clone().requires_grad_() for _ in range(ROW)] for name in "wb")
    names |= {"m": m, "F": m.nn.functional, "s": (size, size), "zip": zip}
    leaf, seed = m.tensor(x).requires_grad_(), m.tensor(g)
    forward = function("z, ws, bs", "w, b in zip(ws, bs)", f"z = {work.code}", "z", names)

    def ready() -> None:
        for tensor in (leaf, *ws, *bs):
            tensor.grad = None

    def back(z: Any) -> None:
        z.backward(seed)

    return Turns(lambda: forward(leaf, ws, bs), back, ready), leaf


def compared(work: Work, modules: dict[str, Any], rounds: int, size: int) -> dict[str, list[float]]:
    """Microseconds an operation, forward and back, by side; the results agree, or it raises."""
    numpy_turns, gradient = in_numpy(work, size)
    sides = {"numpy": numpy_turns}
    for name, m in modules.items():
        sides[name], leaf = in_framework(m, work, size)
        sides[name].back(sides[name].forward())
        np.testing.assert_allclose(
            leaf.grad.numpy(), gradient, rtol=1e-3, atol=1e-4, err_msg=f"{work.name}, {name}"
        )
    found = {name: ([], []) for name in sides}
    for number in range(rounds + 2):
        for name, turns in sides.items():
            begun = process_time()
            z = turns.forward()
            middle = process_time()
            turns.ready()
            again = process_time()
            turns.back(z)
            if number > 1:
                found[name][0].append(middle - begun)
                found[name][1].append(process_time() - again)
    scale = 1e6 / (ROW * work.operations)
    return {name: [scale * median(times) for times in both] for name, both in found.items()}


def row(name: str, found: dict[str, list[float]], peers: list[str]) -> str:
    """A line of the table."""
    base = found["numpy"]
    cells = [f"{name:18}"]
    for way in (0, 1):
        cells.append(f"{base[way]:7.2f}")
        cells += [f"{found[peer][way] - base[way]:8.2f}" for peer in peers]
    return " ".join(cells)


def modules() -> dict[str, Any]:
    """minidl, and PyTorch with one thread where it is installed."""
    found: dict[str, Any] = {"minidl": minidl}
    if find_spec("torch"):
        import torch

        torch.set_num_threads(1)
        found["torch"] = torch
    else:
        print("PyTorch is not installed, so minidl stands alone.")
    return found


def main() -> None:
    """Prints a line for each operation, and the medians of the columns."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60, help="how often each is timed (60)")
    parser.add_argument("--size", type=int, default=32, help="arrays are size x size (32)")
    parser.add_argument("--only", nargs="*", help="words in the names of the operations to time")
    asked = parser.parse_args()
    sides, results = modules(), []
    words = " ".join(f"{name:>8}" for name in sides)
    print(f"{'microseconds':18} {'forward':>7} {'above it':>{len(words)}} {'back':>7} above it")
    print(f"{'an operation':18} {'NumPy':>7} {words} {'NumPy':>7} {words}")
    for work in WORKS:
        if asked.only is None or any(word in work.name for word in asked.only):
            results.append(compared(work, sides, asked.rounds, asked.size))
            print(row(work.name, results[-1], list(sides)), flush=True)
    if not results:
        raise SystemExit(f"No operation has a name with {asked.only} in it.")
    medians = {
        side: [
            median(found[side][way] - found["numpy"][way] for found in results) for way in (0, 1)
        ]
        for side in sides
    }
    print(row("median", medians | {"numpy": [0.0, 0.0]}, list(sides)))


if __name__ == "__main__":
    main()
