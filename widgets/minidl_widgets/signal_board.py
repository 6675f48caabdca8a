"""The signal board: how large signals and gradients are at each depth, for any first weights.

Python begins the network anew with the initialisers that are at work, and measures; the page draws.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, final

import anywidget
import numpy as np
import traitlets

from .asking import told
from .assets import script, style
from .beginnings import Beginning, Network
from .signal_board_drawing import board_svg
from .signal_curves import HEIGHT, MOST, WIDTH, view
from .signals import Signal, measure
from .writing import number

SMALLEST, LARGEST = 0.01, 100.0  # factors on the first weights


@final
class SignalBoard(anywidget.AnyWidget):
    """The size of every signal and gradient of a network, by depth, against its first weights.

    ::

        SignalBoard(model, batch)  # on copies: the model stays as it is
        SignalBoard(lambda: network(depth=30), batch, begin="He")
        SignalBoard(lambda scale: network(spread=scale), batch, loss=lambda y: loss_of(y, labels))

    Args:
        source: a model, trained or not; or a function that makes one, `make()` or `make(scale)`.
        x: a batch that it takes, or a tuple of its arguments.
        loss: makes one number of the output; without it, gradients of size 1 enter at the end.
        begin: the beginning with which it starts: "as it is" (for a function: "as made"), "Xavier",
            "He", or one of `own`.
        scale: a factor on all weights, which the slider changes.
        own: more beginnings by name; each fills the weight that it is given.
        seed: which dice are thrown.

    Xavier and He are `nn.init.xavier_normal_` and `kaiming_normal_` as they are now: the learner's,
    once theirs have passed. `signals` holds what was measured.
    """

    _esm = script("curves", "signal_board")
    _css = style("curves", "signal_board")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        source: Any,
        x: Any,
        loss: Callable[[Any], Any] | None = None,
        *,
        begin: str = "",
        scale: float = 1.0,
        own: Mapping[str, Beginning] | None = None,
        seed: int = 0,
    ):
        self._network = Network(source, own)
        begin = begin or self._network.first
        if begin not in self._network.names:
            known = ", ".join(self._network.names)
            raise ValueError(f"There is no beginning {begin!r}; there is {known}.")
        super().__init__()
        self._x, self._loss, self._serial = x, loss, 0
        self._begin, self._scale, self._seed = begin, 1.0, seed
        self.signals: list[Signal] = []
        self.on_msg(self._hear)
        self.change(scale=scale)

    def change(
        self, begin: str | None = None, scale: float | None = None, seed: int | None = None
    ) -> None:
        """Begins anew; what is none of these is told of in the page, and changes nothing."""
        if begin is not None and begin not in self._network.names:
            return self._show(f"There is no beginning called {begin}.")
        if scale is not None and not (isfinite(scale) and SMALLEST <= scale <= LARGEST):
            return self._show(f"A scale lies between {SMALLEST:g} and {LARGEST:g}.")
        self._begin = self._begin if begin is None else begin
        self._scale = self._scale if scale is None else float(scale)
        self._seed = self._seed if seed is None else seed
        return self._show()

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": begin; anything else is not for us."""
        match message:
            case {"type": "begin", "begin": str(begin), "scale": int() | float() as scale,
                  "seed": int(seed)}:  # fmt: skip
                self.change(begin, float(scale), seed)

    def _show(self, problem: str = "") -> None:
        self._serial += 1
        failed = self._measured()
        weighted = [one for one in self.signals if one.weight is not None]
        parts = self.signals[:MOST]
        more = len(self.signals) - len(parts)
        self.scene = {
            "serial": self._serial,
            "begin": self._begin,
            "begins": self._network.names,
            "scale": self._scale,
            "seed": self._seed,
            "range": [SMALLEST, LARGEST],
            "size": [WIDTH, HEIGHT],
            "said": self._said,
            "whose": self._network.whose(self._begin),
            "views": {
                "layers with weights": view(weighted[:MOST] or parts),
                "every part": view(parts),
            },
            "left": f"The first {MOST} parts are drawn, {more} are not." if more else "",
            "problem": problem or failed,
        }

    def _measured(self) -> str:
        """Begins and measures; what went wrong in a sentence, or nothing."""
        self.signals = []
        try:
            with np.errstate(all="ignore"):
                model = self._network.begun(self._begin, self._scale, self._seed)
                self.signals = measure(model, self._x, self._loss)
        except Exception as error:
            return f"The network did not run. {told(error)}"
        return ""

    @property
    def _said(self) -> str:
        """The beginning in short: "He × 0.8"."""
        return f"{self._begin} × {number(self._scale, 3)}"

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        return {**data, "image/svg+xml": board_svg(self.scene, words), "text/plain": words}, more

    def __repr__(self) -> str:
        """ "SignalBoard: He × 1, 30 layers. Forward, the signal goes from ..."."""
        if self.scene["problem"]:
            return f"SignalBoard: {self._said}. {self.scene['problem']}"
        shown = self.scene["views"]["layers with weights"]
        return f"SignalBoard: {self._said}, {len(shown['xs'])} layers. {shown['story']}"

    __str__ = __repr__
