"""Small exercises that the tests of this room share."""

from __future__ import annotations

import numpy as np

from minidl.grading import Exercise, Part, Wrong

SCALE = Exercise(
    id="01.scale",
    title="Scale the rows",
    entry=("scale",),
    solution='def scale(x):\n    """Rows."""\n    return x / x.sum(axis=1, keepdims=True)',
    parts=[
        Part(
            id="values",
            title="each row divided by its sum",
            points=2,
            generate=lambda rng: {"x": rng.uniform(1, 2, (3, 3))},
            run=lambda code, x: code.scale(x),
            reference=lambda x: x / x.sum(axis=1, keepdims=True),
            seconds=0.3,
        ),
        Part(
            id="one",
            title="a single row",
            points=1,
            generate=lambda rng: {"x": rng.uniform(1, 2, (1, 4))},
            run=lambda code, x: {"rows": code.scale(x)},
            reference=lambda x: {"rows": x / x.sum()},
            seconds=0.3,
        ),
    ],
    hints=["Which axis?", "Keep the axis: `keepdims=True`."],
    wrong=[
        Wrong("axis", "wrong axis", "You summed over columns.", change={"axis=1": "axis=0"}),
        Wrong("dims", "axis lost", "The axis is lost.", change={", keepdims=True": ""}),
        Wrong("deep", "recursion", "It calls itself for ever.", "def scale(x):\n return scale(x)"),
        Wrong(
            "writes",
            "in place",
            "It writes into x.",
            "def scale(x):\n x /= x.sum(axis=1, keepdims=True)\n return x",
        ),
    ],
)


def right(x):
    """The answer, which prints and warns besides."""
    print("rows", x.shape)
    np.log(np.zeros(1))
    return x / x.sum(axis=1, keepdims=True)


def slow(x):
    """Swallows every exception, even the one that stops it, and takes too long."""
    while True:
        try:
            sum(range(100))
        except:  # noqa: E722
            pass
