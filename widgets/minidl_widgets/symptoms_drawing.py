"""The symptom panel on paper: each symptom with its sign, its number and its sentence."""

import textwrap
from typing import Any

from .drawing import sheet, text_at

WIDTH, EDGE, LINE, LETTERS = 760, 24, 18, 104
HINT = "Run the cell to examine again, and to take steps."
SIGNS = {  # shapes tell the grades apart, colours only besides
    1: "M0-7a7 7 0 1 0 0.01 0Z",
    2: "M0-8L8 6H-8Z",
    3: "M-3-8H3L8-3V3L3 8H-3L-8 3V-3Z",
}
STYLE = (
    ".mdl-svg .s1{fill:none;stroke:var(--ink);stroke-width:2}"
    ".mdl-svg .s2{fill:var(--grad)}.mdl-svg .s3{fill:var(--bad)}"
    ".mdl-svg text.means{font-family:system-ui,sans-serif}"
)


def symptoms_svg(scene: dict[str, Any], title: str) -> str:
    """Every symptom, then what is healthy and what could not be examined, by name."""
    parts, y = [text_at(EDGE, 32, "name", scene["said"])], 36.0
    for finding in scene["ill"]:
        y = _symptom(parts, finding, y + 28)
    for kind, word in (("healthy", "Healthy"), ("missing", "Not examined")):
        names = ", ".join(filter(None, (finding["ailment"] for finding in scene[kind])))
        if names:
            y = _lines(parts, f"{word}: {names}.", EDGE, y + 8, "key")
    if scene["problem"]:
        y = _lines(parts, scene["problem"], EDGE, y, "problem")
    y = _lines(parts, HINT, EDGE, y, "key")
    return sheet(WIDTH, y + 12, title, parts, STYLE)


def _symptom(parts: list[str], finding: dict[str, Any], y: float) -> float:
    """One symptom; returns where the next begins."""
    sign = f'<path class="s{finding["grade"]}" d="{SIGNS[finding["grade"]]}"'
    parts.append(f'{sign} transform="translate({EDGE + 8} {y - 4:.0f})"/>')
    parts.append(text_at(EDGE + 26, y, "name", f"{finding['ailment']} ({finding['word']})"))
    where = f"{finding['place']}: " if finding["place"] else ""
    y = _lines(parts, where + finding["measured"], EDGE + 26, y, "value")
    if finding["limit"]:
        y = _lines(parts, f"limit: {finding['limit']}", EDGE + 26, y, "key")
    return _lines(parts, finding["means"], EDGE + 26, y, "means")


def _lines(parts: list[str], text: str, x: float, y: float, kind: str) -> float:
    """Text in lines below a place; returns the last one's."""
    letters = LETTERS - int((x - EDGE) / 7) - (14 if kind == "value" else 0)
    for line in textwrap.wrap(text.replace("`", ""), letters):
        y += LINE
        parts.append(text_at(x, y, kind, line))
    return y
