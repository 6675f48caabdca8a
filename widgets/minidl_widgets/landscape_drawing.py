"""The landscape race as a picture for paper: the map, every way whole, and who ended where."""

from typing import Any

from .drawing import sheet, text_at

HINT = "Run the cell to move the start, to change rates and to play the race."
MARKS = ("●", "■", "▲", "◆", "✚", "★")
DASHES = ("", "8 4", "2 4", "10 3 2 3", "14 4", "4 2")
OWN = """.mdl-svg .band { fill: var(--value); stroke: var(--line); stroke-width: 0.6; }
.mdl-svg .way { fill: none; stroke: var(--ink); stroke-width: 1.6; }
.mdl-svg text.mark { font-size: 15px; stroke: var(--paper); stroke-width: 3;
  paint-order: stroke; }"""
EDGE = 16


def race_svg(scene: dict[str, Any], title: str) -> str:
    """The finished race."""
    wide, tall = scene["size"]
    lines = len(scene["ways"])
    w, h = wide + 2 * EDGE, tall + 2 * EDGE + 22 * lines + 30
    count = max(len(scene["bands"]) - 1, 1)
    parts = [
        f'<svg x="{EDGE}" y="{EDGE}" width="{wide:.0f}" height="{tall:.0f}" '
        f'viewBox="0 0 {wide:.0f} {tall:.0f}">',
        *(
            f'<path class="band" fill-rule="evenodd" fill-opacity="{0.34 * (1 - i / count):.2f}" '
            f'd="{path}"/>'
            for i, path in enumerate(scene["bands"])
        ),
        *(_way(i, way) for i, way in enumerate(scene["ways"])),
        "</svg>",
        *(_line(i, way, tall + 2 * EDGE + 14 + 22 * i) for i, way in enumerate(scene["ways"])),
        text_at(EDGE, h - 12, "key", HINT),
    ]
    return sheet(w, h, title, parts, OWN)


def _way(i: int, way: dict[str, Any]) -> str:
    if not way["points"]:
        return ""
    line = " ".join(f"{x:g},{y:g}" for x, y in way["points"])
    dash = DASHES[i % len(DASHES)]
    drawn = f'<polyline class="way" stroke-dasharray="{dash or "none"}" points="{line}"/>'
    x, y = way["points"][-1]
    return drawn + text_at(x, y + 5, "mark", MARKS[i % len(MARKS)], "middle")


def _line(i: int, way: dict[str, Any], y: float) -> str:
    rate = f", rate {way['rate']}" if way["rate"] else ""
    end = way["problem"] or f"ends at height {way['texts'][-1]}"
    return text_at(EDGE, y, "", f"{MARKS[i % len(MARKS)]} {way['name']}{rate}: {end}")
