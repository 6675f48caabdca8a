"""The landscape race: optimisers run from one start over a surface; move the start, change a rate.

Python walks with the very optimisers that it was given; the page draws and plays their ways.
"""

import math
from collections.abc import Mapping
from typing import Any, final

import anywidget
import traitlets

from . import relief, surfaces
from .assets import script, style
from .landscape_drawing import race_svg
from .racing import Maker, Way, race
from .writing import number


@final
class LandscapeRace(anywidget.AnyWidget):
    """Several optimisers on one surface: drag the start, or move it by the arrow keys.

    ::

        LandscapeRace(lambda x, y: x**2 + 10 * y**2, {"SGD": lambda ps: optim.SGD(ps, lr=0.05)})
        LandscapeRace(LossSlice(model, loss), racers, start=(0.8, 0.8), across=(-1, 1))

    Args:
        surface: a function of two tensors without dimensions, which returns one.
        racers: by name, a function that takes a list of parameters and makes an optimiser: any
            class of minidl's or your own with a method `step`.
        start: the two numbers at which all begin.
        steps: how far they run.
        across, upward: what the map shows; what lies about the start, where they are not given.

    `ways` holds every racer's places (x, y, height), from the start on.
    """

    _esm = script("landscape")
    _css = style("landscape")
    scene = traitlets.Dict().tag(sync=True)
    step = traitlets.Int().tag(sync=True)

    def __init__(
        self,
        surface: surfaces.Surface,
        racers: Mapping[str, Maker],
        start: tuple[float, float] = (1.0, 1.0),
        steps: int = 60,
        across: tuple[float, float] | None = None,
        upward: tuple[float, float] | None = None,
    ):
        if not racers or steps < 1:
            raise ValueError("LandscapeRace needs at least one racer and one step.")
        reach = 1.25 * max(abs(start[0]), abs(start[1])) or 1.0
        self._view = relief.View(*(across or (-reach, reach)), *(upward or (-reach, reach)))
        if not (self._view.x0 < self._view.x1 and self._view.y0 < self._view.y1):
            raise ValueError("across and upward are (from, to), the smaller number first.")
        super().__init__(step=steps)
        self._surface, self._racers, self._steps = surface, dict(racers), steps
        self._first = self._start = (float(start[0]), float(start[1]))
        self._rates: dict[str, float] = {}
        self._serial, self.ways = 0, []
        v = self._view
        self._map = relief.bands(v, *surfaces.heights(surface, (v.x0, v.x1), (v.y0, v.y1)))
        self.on_msg(self._hear)
        self._run()

    def begin_at(self, x: float, y: float) -> None:
        """Moves the start, to the nearest place on the map, and runs the race again."""
        if math.isfinite(x) and math.isfinite(y):
            self._start = self._view.inside(x, y)
        self._run()

    def rate(self, name: str, rate: float) -> None:
        """Gives one racer another learning rate and runs the race again."""
        if name in self._racers and math.isfinite(rate) and rate >= 0:
            self._rates[name] = rate
            self._run()
        else:
            self._run(f"A rate is a number, 0 or more; {name} keeps the one it has.")

    def reset(self) -> None:
        """The first start and the first rates again."""
        self._start, self._rates = self._first, {}
        self._run()

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": start, rate or reset; anything else is not for us."""
        match message:
            case {"type": "start", "x": int() | float() as x, "y": int() | float() as y}:
                self.begin_at(x, y)
            case {"type": "rate", "name": str(name), "rate": str(text)}:
                self.rate(name, _read(text))
            case {"type": "reset"}:
                self.reset()

    def _run(self, problem: str = "") -> None:
        self._serial += 1
        self.ways = race(self._surface, self._racers, self._start, self._steps, self._rates)
        v = self._view
        self.scene = {
            "serial": self._serial,
            "view": [v.x0, v.x1, v.y0, v.y1],
            "size": [relief.WIDTH, relief.HEIGHT],
            "bands": self._map,
            "start": list(self._start),
            "said": f"{number(self._start[0], 3)}, {number(self._start[1], 3)}",
            "steps": self._steps,
            "ways": [self._drawn(way) for way in self.ways],
            "problem": " ".join(filter(None, [problem, *(way.problem for way in self.ways)])),
        }

    def _drawn(self, way: Way) -> dict[str, Any]:
        return {
            "name": way.name,
            "rate": "" if way.rate is None else f"{way.rate:g}",
            "points": [self._view.at(x, y) for x, y, _ in way.places],
            "heights": [height for _, _, height in way.places],
            "texts": [number(height, 3) for _, _, height in way.places],
            "problem": way.problem,
        }

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        return {**data, "image/svg+xml": race_svg(self.scene, words), "text/plain": words}, more

    def __repr__(self) -> str:
        """ "LandscapeRace: 60 steps from (−2, 1): SGD 0.18, Adam 0.0022"."""
        ends = [f"{w.name} {number(w.places[-1][2], 2) if w.places else '?'}" for w in self.ways]
        return f"LandscapeRace: {self._steps} steps from ({self.scene['said']}): {', '.join(ends)}"

    __str__ = __repr__


def _read(text: str) -> float:
    try:
        return float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        return math.nan
