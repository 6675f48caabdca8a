"""The stride explorer: which place of the buffer each index reads, for any array or tensor.

Python looks at the array's own shape, strides and offset, and has the array change itself; the page
draws what came.
"""

from collections.abc import Mapping
from typing import Any, final

import anywidget
import numpy as np
import traitlets

from . import looks
from .array_drawing import stride_svg
from .arrays import look
from .assets import script, style
from .cells import sizes
from .stride_scene import Truth, numbers_of, scene_of, small, true_change

MOST = 12  # changes in a row


@final
class StrideExplorer(anywidget.AnyWidget):
    """An array above its buffer: click an index, see its place; change the window, see what moves.

    ::

        StrideExplorer(Array(np.arange(12), (3, 4)))  # the learner's class
        StrideExplorer(minidl.arange(12).reshape(3, 4).t())
        StrideExplorer(np.zeros((4, 5))[::2, 1:])

    Args:
        x: a learner's array (buffer, shape, strides, offset), a tensor, or what NumPy reads.
        name: what it is called in the page.

    `array` is the array as it is looked at now. Beside a learner's array NumPy does the same
    changes: where the numbers differ, the page says so.
    """

    _esm = script("grids", "strides")
    _css = style("grids", "strides")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(self, x: Any, name: str = "x"):
        super().__init__()
        x, window = looks.as_changeable(x), look(x)
        self._name, self._serial = name, 0
        self._chain: list[tuple[str, Any]] = [(name, x)]
        self._truths: list[Truth] = [numbers_of(window) if small(window) else None]
        self.on_msg(self._hear)
        self._show()

    @property
    def array(self) -> Any:
        """The array after all changes so far."""
        return self._chain[-1][1]

    def change(self, way: str, text: str) -> None:
        """Has the array permute, reshape, slice or expand itself; an error is shown, not raised.

        way: "permute", "reshape", "slice" or "expand"; text: what stands in the brackets.
        """
        if len(self._chain) > MOST:
            return self._show(f"{MOST} changes are enough: take some back first.")
        words = looks.written(way, text)
        try:
            made = looks.change(self.array, way, text)
            look(made)
        except Exception as error:
            return self._show(_stumble(error, f"{self._name}{words}"))
        self._chain.append((words, made))
        self._truths.append(true_change(self._truths[-1], way, text))
        return self._show()

    def undo(self) -> None:
        """Takes the last change back."""
        if len(self._chain) > 1:
            del self._chain[-1], self._truths[-1]
        self._show()

    def reset(self) -> None:
        """Takes all changes back."""
        del self._chain[1:], self._truths[1:]
        self._show()

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": change, undo or reset; anything else is not for us."""
        match message:
            case {"type": "change", "way": str(way), "text": str(text)}:
                self.change(way, text)
            case {"type": "undo"}:
                self.undo()
            case {"type": "reset"}:
                self.reset()

    def _show(self, problem: str = "") -> None:
        self._serial += 1
        first, now = look(self._chain[0][1]), look(self.array)
        drawn = scene_of(now, self._name, self._truths[-1])
        shares = bool(np.shares_memory(first.buffer, now.buffer)) or not first.buffer.size
        drawn["memory"] = (
            "" if len(self._chain) == 1 else "the same buffer: a view" if shares else "a copy"
        )
        self.scene = drawn | {
            "serial": self._serial,
            "name": self._name,
            "chain": [words for words, _ in self._chain],
            "examples": looks.EXAMPLES,
            "problem": problem,
        }

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        return {**data, "image/svg+xml": stride_svg(self.scene, words), "text/plain": words}, more

    def __repr__(self) -> str:
        """ "StrideExplorer: x, shape (3, 4), strides (4, 1), offset 0, buffer of 12"."""
        s = self.scene
        words = "".join(s["chain"])
        facts = f"shape {sizes(s['shape'])}, strides {sizes(s['strides'])}, offset {s['offset']}"
        return f"StrideExplorer: {words}, {facts}, buffer of {s['size']}"

    __str__ = __repr__


def _stumble(error: Exception, words: str) -> str:
    """What the array raised, in a sentence."""
    if isinstance(error, (NotImplementedError, NameError)):
        return f"{words}: this is not written yet ({error})."
    kind = type(error).__name__
    said = str(error).rstrip(".")
    return (
        f"{words}: {said}." if kind in ("ValueError", "ShapeError") else f"{words}: {kind}: {said}."
    )
