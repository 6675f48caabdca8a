"""The signal board on paper: the curves of the layers with weights, and what is told of them."""

from typing import Any

from .drawing import sheet, text_at
from .signal_curves import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH

HINT = "Run the cell to change the scale of the first weights and to look at single layers."
DASHES = ("", "7 4", "2 4")
MARKS = ("●", "▲", "■")
EDGES = {"up": "▴", "down": "▾", "gone": "✕"}
OWN = """.mdl-svg .curve { fill: none; stroke: var(--ink); stroke-width: 1.8; }
.mdl-svg .s0, .mdl-svg text.s0 { stroke: var(--value); } .mdl-svg text.s0 { fill: var(--value); }
.mdl-svg .s1, .mdl-svg text.s1 { stroke: var(--grad); } .mdl-svg text.s1 { fill: var(--grad); }
.mdl-svg text.mark { stroke: none; font-size: 9px; } .mdl-svg .one { stroke: var(--edge); }
.mdl-svg text.story { font-family: system-ui, sans-serif; }"""


def board_svg(scene: dict[str, Any], title: str) -> str:
    """The curves with their scale, a legend below."""
    shown = scene["views"]["layers with weights"]
    parts = [*scale_lines(shown, "depth"), *curve_lines(shown)]
    y = HEIGHT + 14.0
    legend = "   ".join(f"{m} {s['name']}" for m, s in zip(MARKS, shown["series"], strict=True))
    story = [f"{part.rstrip('.')}." for part in shown["story"].split(". ")]
    head = " ".join(filter(None, (scene["said"], scene["whose"])))
    lines = [("key", legend), ("name", head), *(("story", one) for one in story)]
    lines += [("key", scene["left"]), ("problem", scene["problem"]), ("key", HINT)]
    width = float(WIDTH)
    for kind, words in lines:
        if words:
            parts.append(text_at(LEFT - 36, y, kind, words))
            y += 20
            width = max(width, LEFT + 7.4 * len(words))
    return sheet(width, y, title, parts, OWN)


def scale_lines(shown: dict[str, Any], axis: str) -> list[str]:
    """The powers of ten, the numbers below, and what they count."""
    lines = [
        f'<path class="card{" one" if tick["one"] else ""}" '
        f'd="M{LEFT} {tick["y"]}H{WIDTH - RIGHT}"/>'
        + text_at(LEFT - 8, tick["y"] + 4, "key", tick["text"], "end")
        for tick in shown["ticks"]
    ]
    low = HEIGHT - BOTTOM + 18
    lines += [text_at(one["x"], low, "key", one["text"], "middle") for one in shown["labels"]]
    return [*lines, text_at((LEFT + WIDTH) / 2, low + 17, "key", axis, "middle")]


def curve_lines(shown: dict[str, Any]) -> list[str]:
    """Each curve with its dash and its marks."""
    parts = []
    for i, one in enumerate(shown["series"]):
        line = " ".join(f"{x:g},{y:g}" for x, y, _ in one["points"])
        dash = DASHES[i] or "none"
        parts.append(f'<polyline class="curve s{i}" stroke-dasharray="{dash}" points="{line}"/>')
        parts += [
            text_at(x, max(y, TOP) + 3, f"mark s{i}", EDGES.get(edge, MARKS[i]), "middle")
            for x, y, edge in one["points"]
        ]
    return parts
