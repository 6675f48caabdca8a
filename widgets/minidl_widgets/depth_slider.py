"""The depth slider: one kind of network at any depth, with switches, and how its signals fare.

Python makes and measures each network; the page draws, and asks for others.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, final

import anywidget
import numpy as np
import traitlets

from .asking import told
from .assets import script, style
from .deepening import Kind, Look, look, loss_for
from .depth_curves import by_depth, place, sums
from .depth_slider_drawing import depth_svg
from .signal_curves import HEIGHT, MOST, WIDTH, view

DEPTHS = (2, 3, 5, 8, 12, 20, 30, 50)


@final
class DepthSlider(anywidget.AnyWidget):
    """Signals, gradients and losses of one kind of network, from shallow to deep.

    ::

        DepthSlider(deep, pictures, labels)  # def deep(depth, norm=False, residual=False): ...
        DepthSlider(deep, x, choices={"bend": ("relu", "tanh"), "norm": (False, True)})

    Args:
        make: a function make(depth, **switches) that makes a network.
        x: a batch that it takes, or a tuple of its arguments.
        target: what belongs to the batch. Without it gradients of size 1 enter at the end, and
            there is no loss.
        loss: of output and target; by default cross_entropy for whole numbers, else mse_loss.
        choices: what each switch may be set to; by default those keywords of `make` that are True
            or False.
        depths: those that are compared, the smallest first; the slider goes from the first to the
            last.
        depth: where it begins; the last, if nothing is said.
        seed: which dice are thrown.

    `signals` holds what was measured at this depth.
    """

    _esm = script("curves", "depth_slider")
    _css = style("curves", "depth_slider")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        make: Any,
        x: Any,
        target: Any = None,
        *,
        loss: Callable[[Any, Any], Any] | None = None,
        choices: Mapping[str, Sequence[Any]] | None = None,
        depths: Sequence[int] | None = None,
        depth: int | None = None,
        seed: int = 0,
    ):
        self._kind = Kind(make, choices)
        self._depths = _checked(DEPTHS if depths is None else depths)
        self._depth = self._depths[-1] if depth is None else depth
        if not self._depths[0] <= self._depth <= self._depths[-1]:
            raise ValueError(f"depth={depth} lies outside {self._depths[0]} to {self._depths[-1]}.")
        super().__init__()
        self._x, self._loss = x, loss_for(target, loss)
        self._chosen, self._seed = self._kind.first, seed
        self._serial = 0
        self._looks: dict[tuple, Look] = {}
        self.on_msg(self._hear)
        self._show()

    @property
    def signals(self) -> list[Any]:
        """What was measured at this depth."""
        return self._look(self._depth).signals

    def change(self, depth: int | None = None, seed: int | None = None, **chosen: Any) -> None:
        """Another depth, other dice, other switches; what cannot be is told of in the page."""
        for name, value in chosen.items():
            if name not in self._kind.choices or value not in self._kind.choices[name]:
                return self._show(f"There is no {name}={value!r} to choose.")
        if depth is not None and not self._depths[0] <= depth <= self._depths[-1]:
            return self._show(f"The depth lies between {self._depths[0]} and {self._depths[-1]}.")
        self._depth = self._depth if depth is None else depth
        self._seed = self._seed if seed is None else seed
        self._chosen = {**self._chosen, **chosen}
        return self._show()

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": change; anything else is not for us."""
        match message:
            case {"type": "change", "depth": int(depth), "seed": int(seed), "chosen": dict(picks)}:
                named = {
                    n: v[picks[n]] for n, v in self._kind.choices.items() if _fits(picks, n, v)
                }
                self.change(depth, seed, **named)

    def _look(self, depth: int) -> Look:
        """The network of one depth, measured once for each setting."""
        key = (depth, self._seed, *map(repr, self._chosen.values()))
        if key not in self._looks:
            try:
                with np.errstate(all="ignore"):
                    model = self._kind.made(depth, self._chosen, self._seed)
                    self._looks[key] = look(model, self._x, self._loss)
            except Exception as error:
                self._looks[key] = Look([], None, told(error))
        return self._looks[key]

    def _show(self, problem: str = "") -> None:
        self._serial += 1
        now = self._look(self._depth)
        depths = by_depth({depth: self._look(depth) for depth in self._depths})
        left = len(now.weighted) - MOST
        self.scene = {
            "serial": self._serial,
            "depth": self._depth,
            "range": [self._depths[0], self._depths[-1]],
            "seed": self._seed,
            "said": self._said,
            "switches": [self._switch(name) for name in self._chosen],
            "size": [WIDTH, HEIGHT],
            "layers": view(now.weighted[:MOST]),
            "depthwise": {**depths, "here": place(self._depth, self._depths, depths["xs"])},
            "told": f"At the start: {sums(now)}",
            "left": f"The first {MOST} layers are drawn, {left} are not." if left > 0 else "",
            "problem": problem or (f"The network did not run: {now.trouble}" * bool(now.trouble)),
        }

    def _switch(self, name: str) -> dict[str, Any]:
        """A switch's choices, and which of them it is set to."""
        values = self._kind.choices[name]
        now = values.index(self._chosen[name])
        return {"name": name, "values": list(map(_name, values)), "now": now}

    @property
    def _said(self) -> str:
        """The network in short: "depth 50, norm, bend tanh"."""
        words = [f"depth {self._depth}"]
        for name, value in self._chosen.items():
            words += [name] * (value is True) or [f"{name} {value}"] * (not isinstance(value, bool))
        return ", ".join(words)

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        return {**data, "image/svg+xml": depth_svg(self.scene, words), "text/plain": words}, more

    def __repr__(self) -> str:
        """ "DepthSlider: depth 50, norm. Gradient 70 at the first layer, signal ..."."""
        return f"DepthSlider: {self._said}. {self.scene['problem'] or self.scene['told']}"

    __str__ = __repr__


def _checked(depths: Sequence[int]) -> list[int]:
    """The depths, rising."""
    found = [int(depth) for depth in depths]
    if not found or found[0] < 1 or sorted(set(found)) != found:
        raise ValueError(f"depths are whole numbers from 1 on, each larger than the last: {depths}")
    return found


def _fits(picks: Mapping[str, Any], name: str, values: Sequence[Any]) -> bool:
    """Whether the page picked one of a switch's values."""
    at = picks.get(name)
    return type(at) is int and 0 <= at < len(values)


def _name(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
