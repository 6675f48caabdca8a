"""What convolutions and pooling cost beside PyTorch's: one call and its gradients, one thread each.

    python -m benchmarks.convolution
    python -m benchmarks.convolution --rounds 100

Every line is first run by both and compared. Then rounds alternate between the two, and the medians
of the processor's time are printed: with one thread each, that is the time on an idle machine.
`OPENBLAS_CORETYPE=SkylakeX` before the command shows what NumPy's BLAS can do on AMD processors
with AVX-512, for which it picks older kernels.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any, NamedTuple

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is loaded

import numpy as np
import torch

import minidl


class Work(NamedTuple):
    """A sentence of code that means the same in both, and the shapes of its inputs."""

    code: str
    shapes: dict[str, tuple[int, ...]]


IMAGES, LINES = (32, 16, 14, 14), (16, 32, 256)
WORKS = [
    Work("F.conv2d(x, w, b)", {"x": (64, 1, 28, 28), "w": (16, 1, 3, 3), "b": (16,)}),
    Work("F.conv2d(x, w, b)", {"x": IMAGES, "w": (32, 16, 3, 3), "b": (32,)}),
    Work("F.conv2d(x, w, b, padding=1)", {"x": (64, 16, 8, 8), "w": (32, 16, 3, 3), "b": (32,)}),
    Work("F.conv2d(x, w, b)", {"x": (64, 32, 26, 26), "w": (64, 32, 3, 3), "b": (64,)}),
    Work("F.conv2d(x, w, stride=2)", {"x": (32, 16, 32, 32), "w": (32, 16, 3, 3)}),
    Work("F.conv2d(x, w, groups=16)", {"x": IMAGES, "w": (16, 1, 3, 3)}),
    Work("F.conv1d(x, w, b)", {"x": LINES, "w": (64, 32, 5), "b": (64,)}),
    Work("F.conv_transpose2d(x, w, stride=2)", {"x": IMAGES, "w": (16, 8, 4, 4)}),
    Work("F.max_pool2d(x, 2)", {"x": (64, 32, 24, 24)}),
    Work("F.max_pool2d(x, 3, 2, 1)", {"x": (64, 32, 24, 24)}),
    Work("F.avg_pool2d(x, 2)", {"x": (64, 32, 24, 24)}),
    Work("F.interpolate(x, scale_factor=2)", {"x": IMAGES}),
    Work("F.interpolate(x, scale_factor=2, mode='bilinear')", {"x": IMAGES}),
]


def prepared(m: Any, work: Work) -> tuple[Callable[[], Any], Callable[[], list[Any]]]:
    """The call alone without a history, and the call with the gradients of all its inputs."""
    draws = np.random.default_rng(0)
    inputs = {
        name: m.tensor(draws.normal(size=shape).astype("float32")).requires_grad_()
        for name, shape in work.shapes.items()
    }
    names = {"F": m.nn.functional, **inputs}
    code = compile(work.code, "<work>", "eval")
    weight = m.ones_like(eval(code, names).detach())  # noqa: S307

    def forward() -> Any:
        with m.no_grad():
            return eval(code, names)  # noqa: S307

    def both() -> list[Any]:
        z = eval(code, names)  # noqa: S307
        return [z, *m.autograd.grad(z, list(inputs.values()), weight)]

    return forward, both


def seconds(run: Callable[[], Any]) -> float:
    begun = process_time()
    run()
    return process_time() - begun


def compared(work: Work, rounds: int) -> str:
    """One line of the table: milliseconds of minidl and PyTorch, and their ratios."""
    ours, theirs = prepared(minidl, work), prepared(torch, work)
    for mine, other in zip(ours[1](), theirs[1](), strict=True):
        scale = float(other.detach().abs().max())
        difference = np.abs(mine.detach().numpy() - other.detach().numpy()).max()
        assert difference < 1e-4 * scale, f"{work.code}: results differ by {difference}"
    line = f"{work.code:50} {'x'.join(map(str, work.shapes['x'])):14}"
    for mine, other in zip(ours, theirs, strict=True):
        for run in 5 * [mine, other]:
            run()
        times = [(seconds(mine), seconds(other)) for _ in range(rounds)]
        a, b = (1e3 * median(column) for column in zip(*times, strict=True))
        line += f" {a:8.3f} {b:8.3f} {a / b:6.2f}"
    return line


def main() -> None:
    """Prints a line for each work."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40, help="how often each is timed (40)")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{'milliseconds':65} {'forward':>17} {'':6} {'with gradients':>17}")
    print(f"{'':65}" + f" {'minidl':>8} {'PyTorch':>8} {'ratio':>6}" * 2)
    for work in WORKS:
        print(compared(work, asked.rounds), flush=True)


if __name__ == "__main__":
    main()
