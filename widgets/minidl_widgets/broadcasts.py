"""The broadcast explorer: two shapes laid side by side, a dimension at a step, then the numbers.

The rule that is asked is the one at work (minidl's, which may be the learner's), or one that is
handed in; what it answers is compared with what the steps show.
"""

import operator
from collections.abc import Callable, Mapping
from math import prod
from typing import Any, final

import anywidget
import numpy as np
import traitlets

import minidl

from . import looks
from .array_drawing import broadcast_svg
from .arrays import look
from .assets import script, style
from .broadcast_steps import columns_of, home, repeats, steps_of, stretched
from .cells import blocks, entry, sizes

SIGNS = {"+": "+", "-": "−", "*": "·", "/": "/"}
WORK = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
LARGEST = 1_000_000  # numbers that are made for a shape typed into the page
BLOCKS = 3  # that are drawn of x, of y and of the result


@final
class BroadcastExplorer(anywidget.AnyWidget):
    """Two arrays broadcast, step by step; where their shapes do not fit, the place is drawn.

    ::

        BroadcastExplorer(marks, mean, op="-")
        BroadcastExplorer(minidl.ones(8, 1, 6), minidl.ones(7, 1))
        BroadcastExplorer(np.ones((3, 1)), np.ones(4), rule=broadcast_shapes)  # the learner's

    Args:
        x, y: learner's arrays, tensors, or what NumPy reads.
        op: "+", "-", "*" or "/".
        rule: a function of shapes that gives the common one; without it minidl.broadcast_shapes.

    `step` is the step shown; `story()` tells all of them in words.
    """

    _esm = script("grids", "broadcasts")
    _css = style("grids", "broadcasts")
    scene = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(self, x: Any, y: Any, op: str = "+", rule: Callable | None = None):
        super().__init__()
        if op not in WORK:
            raise ValueError(f"op must be one of {' '.join(WORK)}, got {op!r}.")
        self._pair, self._op, self._rule = [look(x), look(y)], op, rule
        self._serial = 0
        self.on_msg(self._hear)
        self._show()

    def story(self) -> list[str]:
        """What each step says, first to last."""
        return [step["say"] for step in self.scene["steps"]]

    def shapes(self, x: str, y: str) -> None:
        """Two new arrays, of shapes given as text: "8, 1, 6". Their numbers are 0, 1, 2, ..."""
        try:
            shapes = looks.whole_numbers(x), looks.whole_numbers(y)
            for shape in shapes:
                if min(shape, default=0) < 0:
                    raise ValueError(f"A size cannot be negative: {sizes(shape)}.")
                if prod(shape) > LARGEST or len(shape) > 8:
                    raise ValueError(f"{sizes(shape)} is too large to be drawn.")
        except ValueError as error:
            return self._show(str(error))
        self._pair = [look(np.arange(prod(shape)).reshape(shape)) for shape in shapes]
        self.step = 0
        return self._show()

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": shapes; anything else is not for us."""
        match message:
            case {"type": "shapes", "x": str(x), "y": str(y)}:
                self.shapes(x, y)

    def _show(self, problem: str = "") -> None:
        self._serial += 1
        x, y = self._pair
        columns = columns_of(x.shape, y.shape)
        steps = steps_of(columns, self._said)
        clash = any(column["state"] == "clash" for column in columns)
        common = () if clash else tuple(column["result"] for column in columns)
        answer, asked = self._ask()
        true = None if clash else common
        self.scene = {
            "serial": self._serial,
            "sign": SIGNS[self._op],
            "shapes": [list(x.shape), list(y.shape)],
            "columns": columns,
            "steps": [*steps, *([] if clash else self._endings(common))],
            "common": None if clash else list(common),
            "blocks": [] if clash else self._numbers(common),
            "left": "" if clash else blocks(common, BLOCKS)[1],
            "rule": asked,
            "differs": "" if answer == true else _differs(answer, true),
            "problem": problem,
        }
        self.step = min(self.step, len(self.scene["steps"]) - 1)

    @property
    def _said(self) -> str:
        x, y = (sizes(window.shape) for window in self._pair)
        return f"Lay {x} and {y} side by side, from the right. Then go from right to left."

    def _ask(self) -> tuple[tuple[int, ...] | None, str]:
        """What the rule answers (None: it raised), and that in a sentence."""
        whose = "Your rule" if self._rule is not None else "minidl's rule"
        try:
            rule = self._rule or minidl.broadcast_shapes
            answer = tuple(int(n) for n in rule(*(window.shape for window in self._pair)))
        except NotImplementedError as error:
            return None, f"{whose} is not written yet ({error})."
        except Exception as error:
            return None, f"{whose} raises {type(error).__name__}: {error}"
        return answer, f"{whose} answers {sizes(answer)}."

    def _endings(self, common: tuple[int, ...]) -> list[dict[str, Any]]:
        """The step after the last dimension: the numbers side by side."""
        says = f"The common shape is {sizes(common)}. "
        repeated = [
            f"{name} {stretched(window, common)}"
            for name, window in zip("xy", self._pair, strict=True)
        ]
        return [
            {"column": -1, "say": f"{says}{'; '.join(repeated)}. Click a number of the result."}
        ]

    def _numbers(self, common: tuple[int, ...]) -> list[dict[str, Any]]:
        """What is drawn of x, of y and of the result, in the common shape."""
        made: list[dict[str, Any]] = []
        for block in blocks(common, BLOCKS)[0]:
            rows = [[self._cells(index) for index in row] for row in block.rows]
            made.append({"title": block.title, "rows": rows})
        return made

    def _cells(self, index: tuple[int, ...]) -> dict[str, Any]:
        """One index of the result, and the two numbers that it is made of."""
        homes = [home(index, window.shape) for window in self._pair]
        found = [window.number(home) for window, home in zip(self._pair, homes, strict=True)]
        with np.errstate(all="ignore"):
            made = None if None in found else WORK[self._op](*found)
        first, second = ("?" if number is None else entry(number) for number in found)
        result = "?" if made is None else entry(made)
        names = [f"{n}{list(home) if home else ''}" for n, home in zip("xy", homes, strict=True)]
        sign = SIGNS[self._op]
        say = f"{list(index) if index else 'The number'}: {names[0]} {sign} {names[1]}"
        return {
            "index": list(index),
            "texts": [first, second, result],
            "ghosts": [repeats(index, w.shape) for w in self._pair],
            "say": f"{say} = {first} {sign} {second} = {result}.",
        }

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        picture = broadcast_svg(self.scene, words)
        return {**data, "image/svg+xml": picture, "text/plain": words}, more

    def __repr__(self) -> str:
        """ "BroadcastExplorer: (4, 3) and (3,) give (4, 3)"."""
        x, y = (sizes(shape) for shape in self.scene["shapes"])
        common = self.scene["common"]
        ends = "do not fit" if common is None else f"give {sizes(common)}"
        return f"BroadcastExplorer: {x} and {y} {ends}"

    __str__ = __repr__


def _differs(answer: tuple[int, ...] | None, true: tuple[int, ...] | None) -> str:
    if true is None:
        return f"The rule answers {sizes(answer or ())}, but these shapes do not fit."
    return f"By the steps the common shape is {sizes(true)}."
