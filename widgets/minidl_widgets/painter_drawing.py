"""The kernel painter on paper: the picture, the kernel's numbers, the maps."""

from typing import Any

from .drawing import sheet, text_at
from .pixels import png

EDGE, GAP, SIDE, TALL = 20, 22, 38, 26
WIDE, SMALL = 240, 88  # of the picture, and of one map among several
HINT = "Run the cell to paint, and to light receptive fields."


def painter_svg(scene: dict[str, Any], title: str) -> str:
    """The picture on the left, then the kernel, then the maps."""
    top = EDGE + 20
    parts = [text_at(EDGE, EDGE + 10, "key", scene["name"])]
    x, low = _image(parts, scene["picture"], EDGE, top, WIDE)
    if scene["mode"] == "paint":
        parts.append(text_at(x, EDGE + 10, "key", "kernel"))
        x, below = _table(parts, scene["kernel"], x, top)
        low = max(low, below)
    parts.append(text_at(x, EDGE + 10, "key", scene["title"]))
    x, below = _maps(parts, scene["maps"], x, top)
    low = max(low, below)
    for words in (scene["problem"], HINT):
        if words:
            low += 20
            parts.append(text_at(EDGE, low, "problem" if words != HINT else "key", words))
    width, height = max(x, EDGE * 2 + 7 * len(scene["problem"]), 420), low + 12
    return sheet(width, height, title, parts)


def _image(parts: list, drawn: dict, x: float, y: float, width: float) -> tuple[float, float]:
    """Draws one picture; returns where the next begins, and where this one ends below."""
    height = width * drawn["rows"] / drawn["columns"]
    if height > 1.4 * width:
        width, height = width * 1.4 * width / height, 1.4 * width
    place = f'x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}"'
    parts.append(f'<image {place} style="image-rendering:pixelated" href="{png(drawn)}"/>')
    return x + width + GAP, y + height


def _table(parts: list, kernel: list, x: float, y: float) -> tuple[float, float]:
    for r, row in enumerate(kernel):
        for c, number in enumerate(row):
            left, up = x + c * SIDE, y + r * TALL
            box = f'x="{left:.0f}" y="{up:.0f}" width="{SIDE}" height="{TALL}"'
            parts.append(f'<rect class="card" {box}/>')
            parts.append(text_at(left + SIDE / 2, up + 17, "", f"{number:.3g}", "middle"))
    return x + len(kernel[0]) * SIDE + GAP, y + len(kernel) * TALL


def _maps(parts: list, maps: list, x: float, y: float) -> tuple[float, float]:
    if len(maps) == 1:
        return _image(parts, maps[0], x, y, WIDE)
    right, low = x, y
    for i, drawn in enumerate(maps):
        left, up = x + i % 8 * (SMALL + 8), y + i // 8 * (SMALL + 8)
        end, below = _image(parts, drawn, left, up, SMALL)
        right, low = max(right, end), max(low, below)
    return right, low
