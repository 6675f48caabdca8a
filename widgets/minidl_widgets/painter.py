"""The kernel painter: a kernel that is painted on a picture, and the maps of any network.

Python computes the maps, by `nn.functional.conv2d` as it is now: the learner's, once theirs has
passed. The page paints, and lights what a number of the map looks at.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any, final

import anywidget
import numpy as np
import traitlets

from minidl import Tensor, from_numpy, nn, no_grad

from .assets import script, style
from .feature_maps import Field, Stage, pair, stages
from .painter_drawing import painter_svg
from .pixels import gray, numbers, shades, shrunk

PRESETS = {
    "left to right": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "top to bottom": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "any edge": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "as it is": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
}
LARGEST = 7  # a kernel's side in the page
DRAWN = 32  # maps at a time
SCREWS = {"stride": 1, "padding": 0, "dilation": 1}  # each with its smallest


@final
class KernelPainter(anywidget.AnyWidget):
    """Paint a kernel on a picture and see its map; or see what the layers of a network make of it.

    ::

        KernelPainter(datasets.photographs()["china"])
        KernelPainter(picture, [[0, 1], [1, 0]], stride=2)
        KernelPainter(picture, model=model)  # a trained network's feature maps

    Args:
        picture: (h, w), (c, h, w) or a batch of one; a tensor or what NumPy reads. To paint on, it
            is made gray, and a large one is shrunk; a network gets it as it is.
        kernel: rows of numbers to begin with; with `model` there is none.
        model: a network that takes this picture in a batch of one.
        stride, padding, dilation: as in `nn.functional.conv2d`; one number each.
        name: what the picture is called in the page.

    A number is chosen by pointing at it or by arrow keys: the dots that it looks at are framed in
    the picture.
    """

    _esm = script("painter")
    _css = style("painter")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        picture: Any,
        kernel: Any = None,
        *,
        model: nn.Module | None = None,
        stride: int = 1,
        padding: int = 0,
        dilation: int = 1,
        name: str = "picture",
    ):
        super().__init__()
        if model is not None and kernel is not None:
            raise ValueError("Give a kernel to paint with, or a model to look into, not both.")
        self._name, self._serial, self._layer, self._stroke = name, 0, 0, ""
        self._screws = {"stride": stride, "padding": padding, "dilation": dilation}
        self._stages: list[Stage] | None = None
        if model is None:
            self._picture, self._by = shrunk(gray(picture))
            self._kernel = checked(PRESETS["left to right"] if kernel is None else kernel)
        else:
            self._picture, self._by = gray(picture), 1
            self._stages = stages(model, _batch(picture))
        self.on_msg(self._hear)
        self._show()

    def paint(self, kernel: Any) -> None:
        """Another kernel; one that is none is told of in the page, not raised."""
        try:
            self._kernel = checked(kernel)
        except (TypeError, ValueError) as error:
            return self._show(str(error))
        return self._show()

    def turn(self, **screws: int) -> None:
        """Another stride, padding or dilation."""
        for name, value in screws.items():
            if not isinstance(value, int) or not SCREWS[name] <= value <= 20:
                return self._show(f"{name} must be a whole number from {SCREWS[name]} to 20.")
        self._screws |= screws
        return self._show()

    def look(self, layer: int) -> None:
        """The maps of another layer."""
        if self._stages and 0 <= layer < len(self._stages):
            self._layer = layer
        self._show()

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": paint, turn or look; anything else is not for us."""
        match message:
            case {"type": "paint", "kernel": list(kernel)} if self._stages is None:
                self._stroke = str(message.get("stroke", ""))
                self.paint(kernel)
            case {"type": "turn", "name": str(name), "value": value} if name in SCREWS:
                self.turn(**{name: value})
            case {"type": "look", "layer": int(layer)}:
                self.look(layer)

    def _show(self, problem: str = "") -> None:
        self._serial += 1
        made = self._painted() if self._stages is None else self._looked()
        small = f"Drawn smaller: each dot is {self._by} by {self._by} of the picture's."
        self.scene = {
            "serial": self._serial,
            "stroke": self._stroke,
            "name": self._name,
            "picture": shades(self._picture),
            "left": small if self._by > 1 else "",
            "presets": {name: list(map(list, rows)) for name, rows in PRESETS.items()},
            **made,
            "problem": problem or made["problem"],
        }

    def _painted(self) -> dict[str, Any]:
        """The scene's part of a kernel: its map, and where each number looks."""
        made = {"mode": "paint", "kernel": self._kernel.tolist(), "screws": dict(self._screws)}
        picture, kernel = (from_numpy(a[None, None].copy()) for a in (self._picture, self._kernel))
        stride, padding, gap = (pair(self._screws[name]) for name in SCREWS)
        whose = "yours" if hasattr(nn.functional.conv2d, "stands_for") else "minidl's"
        try:
            with no_grad():
                maps = nn.functional.conv2d(picture, kernel, None, *self._screws.values())
        except Exception as error:
            return {**made, "maps": [], "field": None, "title": "", "problem": str(error)}
        field = Field().through(self._kernel.shape, stride, padding, gap)
        at = Field(field.start, field.step, field.span, gap)
        drawn = _drawn(numbers(maps)[0], ["map"])
        title = f"map {drawn[0]['rows']} x {drawn[0]['columns']}, by {whose} conv2d".replace(
            "by yours", "by your"
        )
        return {**made, "maps": drawn, "field": at.plain(), "title": title, "problem": ""}

    def _looked(self) -> dict[str, Any]:
        """The scene's part of a network: the maps of one layer."""
        assert self._stages is not None
        stage = self._stages[self._layer]
        count, height, width = stage.maps.shape
        shown = f", the first {DRAWN}" if count > DRAWN else ""
        return {
            "mode": "maps",
            "layers": [one.title for one in self._stages],
            "layer": self._layer,
            "maps": _drawn(stage.maps[:DRAWN], [f"map {i}" for i in range(count)]),
            "field": stage.field and stage.field.plain(),
            "title": f"{stage.title}: {count} maps of {height} x {width}{shown}",
            "problem": "",
        }

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        return {**data, "image/svg+xml": painter_svg(self.scene, words), "text/plain": words}, more

    def __repr__(self) -> str:
        """ "KernelPainter: picture 60 x 90, kernel 3 x 3, map 58 x 88, by minidl's conv2d"."""
        size = "{rows} x {columns}".format(**self.scene["picture"])
        sides = "" if self._stages is not None else "kernel {} x {}, ".format(*self._kernel.shape)
        return f"KernelPainter: {self._name} {size}, {sides}{self.scene['title'] or 'no map'}"

    __str__ = __repr__


def checked(kernel: Any) -> np.ndarray:
    """A kernel as float64 (rows, columns). Raises ValueError for what is none."""
    held = numbers(kernel)
    if held.ndim != 2 or not 1 <= min(held.shape) <= max(held.shape) <= LARGEST:
        raise ValueError(f"A kernel has 1 to {LARGEST} rows and columns, got {held.shape}.")
    if not np.isfinite(held).all():
        raise ValueError("A kernel's numbers are finite.")
    return held


def _batch(picture: Any) -> Tensor:
    """What the network gets: the picture, a tensor, in a batch of one."""
    x = picture if isinstance(picture, Tensor) else from_numpy(np.asarray(picture, np.float32))
    x = x[None] if x.ndim == 2 else x
    return x[None] if x.ndim == 3 else x


def _drawn(maps: np.ndarray, titles: list[str]) -> list[dict[str, Any]]:
    """Each map with its shades, and its numbers in three digits."""
    return [
        {
            "title": title,
            **shades(one),
            "numbers": [float(f"{n:.3g}") if isfinite(n) else str(n) for n in one.ravel().tolist()],
        }
        for title, one in zip(titles, maps, strict=False)
    ]
