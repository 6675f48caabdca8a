"""The depth slider on paper: the layers of one depth above, what changes with depth below."""

from typing import Any

from .drawing import sheet, text_at
from .signal_board_drawing import MARKS, OWN, curve_lines, scale_lines
from .signal_curves import HEIGHT, LEFT, WIDTH

HINT = "Run the cell to change the depth and the switches."


def depth_svg(scene: dict[str, Any], title: str) -> str:
    """Two charts, one below the other, with their legends."""
    left = LEFT - 36
    parts = [text_at(left, 22, "name", scene["said"]), text_at(left, 42, "", scene["told"])]
    y = 56.0
    for name, key, axis in (
        ("Layer by layer", "layers", "layer"),
        ("Depth by depth", "depthwise", "depth of the network"),
    ):
        lines = "".join((*scale_lines(scene[key], axis), *curve_lines(scene[key])))
        parts += [text_at(left, y + 12, "name", name), f'<g transform="translate(0 {y + 14:g})">']
        y += HEIGHT + 30
        series = zip(MARKS, scene[key]["series"], strict=False)
        legend = "   ".join(f"{mark} {one['name']}" for mark, one in series)
        parts += [lines, "</g>", text_at(left, y, "key", legend)]
        y += 20
    for kind, words in (("key", scene["left"]), ("problem", scene["problem"]), ("key", HINT)):
        if words:
            parts.append(text_at(left, y, kind, words))
            y += 20
    longest = max(map(len, (scene["told"], scene["problem"])))
    return sheet(max(WIDTH, LEFT + 7.4 * longest), y, title, parts, OWN)
