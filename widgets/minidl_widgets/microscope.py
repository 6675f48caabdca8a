"""The Jacobian microscope: the true Jacobian of any function beside the one that rules give.

Python nudges and walks back; the page draws both, marks what differs and changes the inputs.
"""

from collections.abc import Callable, Mapping
from typing import Any, final

import anywidget
import numpy as np
import traitlets

from . import asking, jacobians, squares
from .assets import script, style
from .cells import sizes
from .microscope_drawing import microscope_svg
from .patterns import pattern
from .writing import number

LISTS = ("rows", "columns", "values", "true", "found", "gap", "state", "signs", "sides")
WORDS = ("shape", "by", "short", "pattern", "missing")
BLANK = {**{name: [] for name in LISTS}, **dict.fromkeys(WORDS, ""), "wide": 1}  # no Jacobian


@final
class JacobianMicroscope(anywidget.AnyWidget):
    """Which number of a function's output answers to which of its input: true, and by the rules.

    ::

        JacobianMicroscope(minidl.exp, [0.0, 0.5, 1.0])
        JacobianMicroscope(lambda x, y: x @ y, x=samples, y=weights)
        JacobianMicroscope(nn.Linear(3, 2), minidl.randn(1, 3))
        JacobianMicroscope(minidl.exp, [0.0, 1.0], rule=my_rule)

    Args:
        f: a function of tensors, or a Module, that returns one tensor.
        inputs: tensors, arrays or lists. Those of real numbers can be chosen and changed in the
            page, and are copied in float64; all others are handed over as they are.
        rule: one rule to look at by itself, (g, z, *inputs) -> the gradient of the one input or a
            list of all; or a tuple of such rules, one for each input. Without it, what
            `backward()` gives by the rules at work.
        named: more inputs, under the names by which the page shall call them; `f` gets them after
            the others, by position.

    A square is chosen by pointing at it or by arrow keys. `true` and `found` hold both tables.
    """

    _esm = script("grids", "microscope")
    _css = style("grids", "microscope")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(self, f: Callable, *inputs: Any, rule: jacobians.Rule = None, **named: Any):
        if not callable(f):
            raise TypeError(f"The microscope looks at a function, got {type(f).__name__}.")
        super().__init__()
        self._f, self._rule, self._serial = f, rule, 0
        self._inputs = [squares.read(x) for x in (*inputs, *named.values())]
        called = asking.names_of(f, len(self._inputs))[: len(inputs)]
        self._names = [*called, *named]
        self._open = [i for i, x in enumerate(self._inputs) if squares.is_real(x)]
        self._which = self._open[0] if self._open else -1
        self.true = self.found = np.zeros((0, 0))
        self.on_msg(self._hear)
        self._show()

    def look(self, which: int) -> None:
        """The Jacobian by another input."""
        if which in self._open:
            self._which = which
        self._show()

    def change(self, which: int, numbers: list[Any]) -> None:
        """Other numbers for an input, in the order of reading; the shape stays."""
        size = self._inputs[which].size if which in self._open else -1
        if len(numbers) != size or not all(squares.is_number(x) for x in numbers):
            return self._show("An input is made of finite numbers; it stays as it was.")
        self._inputs[which] = np.array(numbers, np.float64).reshape(self._inputs[which].shape)
        return self._show()

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": look or numbers; anything else is not for us."""
        match message:
            case {"type": "look", "input": int(which)}:
                self.look(which)
            case {"type": "numbers", "input": int(which), "numbers": list(numbers)}:
                self.change(which, numbers)

    def _show(self, problem: str = "") -> None:
        self._serial += 1
        self.scene = {
            "serial": self._serial,
            "name": asking.title_of(self._f),
            "inputs": [self._input(i) for i in self._open],
            "which": self._which,
            **self._looked(),
            "problem": problem,
        }

    def _input(self, which: int) -> dict[str, Any]:
        x, name = self._inputs[which], self._names[which]
        shown = x.size <= squares.LARGEST
        return {
            "which": which,
            "name": name,
            "shape": sizes(x.shape),
            "wide": int(x.shape[-1]) if x.ndim else 1,
            "numbers": x.ravel().tolist() if shown else [],
            "labels": squares.labels(name, x.shape) if shown else [],
        }

    def _looked(self) -> dict[str, Any]:
        """Both Jacobians, or why there are none."""
        self.true = self.found = np.zeros((0, 0))
        try:
            found = self._asked()
        except Exception as error:
            return {**BLANK, "verdict": f"There is no Jacobian: {asking.told(error)}"}
        self.true, self.found = found.true, found.rules.table
        given, output = self._names[self._which], self._output_name
        state, off = squares.states(found), squares.gaps(found)
        (by, short), problem = self._by(found), found.rules.problem
        return {
            "rows": squares.labels(output, found.output.shape),
            "columns": squares.labels(given, self._inputs[self._which].shape),
            "shape": sizes(found.output.shape),
            "wide": int(found.output.shape[-1]) if found.output.ndim else 1,
            "values": [number(x, squares.DIGITS) for x in found.output.ravel()],
            "true": squares.texts(found.true),
            "found": squares.texts(found.rules.table),
            "gap": squares.texts(off),
            "state": state.tolist(),
            "signs": [squares.signs(found.true), squares.signs(found.rules.table)],
            "sides": [squares.texts(found.left), squares.texts(found.right)],
            "by": by,
            "short": short,
            "pattern": pattern(np.nan_to_num(found.true), output, given),
            "missing": problem and f"{short.capitalize()} stumbles: {problem}",
            "verdict": squares.verdict(state),
        }

    def _asked(self) -> jacobians.Maps:
        """Both Jacobians. Raises Unanswerable where they cannot be drawn."""
        if not self._open:
            raise asking.Unanswerable(
                "no input is made of real numbers, which alone can be nudged."
            )
        squares.small(self._names[self._which], self._inputs[self._which].shape)
        with np.errstate(all="ignore"):
            output = asking.settled(self._f, self._inputs)[1]
        squares.small(self._output_name, tuple(output.shape))
        return jacobians.maps(self._f, self._inputs, self._which, self._rule)

    @property
    def _output_name(self) -> str:
        return "z" if "z" not in self._names else "output"

    def _by(self, found: jacobians.Maps) -> tuple[str, str]:
        """Who gave the second Jacobian: as a title, and within a sentence."""
        if self._rule is not None:
            return "by the rule", "the rule"
        mine = ", ".join(found.rules.yours)
        return f"by backward, {f'with your {mine}' if mine else 'minidl’s rules'}", "backward"

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        return {
            **data,
            "image/svg+xml": microscope_svg(self.scene, words),
            "text/plain": words,
        }, more

    def __repr__(self) -> str:
        """ "JacobianMicroscope: exp, z (3,) by x (3,). All 9 squares agree."."""
        scene, verdict = self.scene, self.scene["verdict"]
        at = next((x for x in scene["inputs"] if x["which"] == self._which), None)
        by = f", {self._output_name} {scene['shape']} by {at['name']} {at['shape']}" if at else ""
        return f"JacobianMicroscope: {scene['name']}{by if scene['rows'] else ''}. {verdict}"

    __str__ = __repr__
