"""The Jacobian microscope on paper: both tables, what is wrong crossed by a sign and listed."""

from typing import Any

from .drawing import sheet, text_at

EDGE, GAP, LISTED = 20, 36, 6
WIDE, TALL, SMALL = 46, 24, 16  # of a square with its number, and the side of one without
FEW = 10  # so many columns have room for numbers
HINT = "Run the cell to choose squares and to change the input."
OWN = """.mdl-svg .plus { fill: var(--value); fill-opacity: 0.16; }
.mdl-svg .minus { fill: var(--grad); fill-opacity: 0.16; }
.mdl-svg .wrong { stroke: var(--bad); stroke-width: 2; }
.mdl-svg text.off { fill: var(--bad); font-weight: 700; }"""


def microscope_svg(scene: dict[str, Any], title: str) -> str:
    """The true table on the left, the rules' on the right, the sentences below."""
    parts: list[str] = []
    x, y = float(EDGE), float(EDGE)
    for words, kind in ((scene["name"], "name"), (scene["pattern"], "key")):
        if words:
            y += 18
            parts.append(text_at(EDGE, y, kind, words))
    top, low = y + 26, y
    for heading, texts, signs in _tables(scene):
        parts.append(text_at(x, top, "key", heading))
        right, low = _table(parts, scene, texts, signs, x, top + 8)
        x = max(right, x + 6.6 * len(heading)) + GAP
    for words in (scene["verdict"], *_wrongs(scene), scene["missing"], scene["problem"], HINT):
        if words:
            low += 21
            kind = "key" if words == HINT else "name" if words == scene["verdict"] else "problem"
            parts.append(text_at(EDGE, low, kind, words))
            x = max(x, EDGE + 7.4 * len(words))
    x = max(x, 2 * EDGE + 6.6 * len(scene["pattern"]))
    return sheet(x, low + 16, title, parts, OWN)


def _tables(scene: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    if not scene["rows"]:
        return []
    true, found = scene["signs"]
    return [("true, by nudging", scene["true"], true), (scene["by"], scene["found"], found)]


def _table(
    parts: list[str], scene: dict[str, Any], texts: Any, signs: Any, x: float, y: float
) -> tuple[float, float]:
    """Draws one table; returns where it ends, to the right and below."""
    few = len(scene["columns"]) <= FEW
    wide, tall = (WIDE, TALL) if few else (SMALL, SMALL)
    own = texts is scene["found"]
    above: list[str] = []  # frames of wrong squares, which no neighbour may cover
    for r, row in enumerate(texts):
        for c, words in enumerate(row):
            state = scene["state"][r][c]
            off = own and state == "wrong"
            kind = f"card {signs[r][c]}{' wrong' if off else ''}"
            left, up = x + c * wide, y + r * tall
            place = f'x="{left:.0f}" y="{up:.0f}" width="{wide}" height="{tall}"'
            (above if off else parts).append(f'<rect class="{kind}" {place}/>')
            words = _words(words, state, signs[r][c], few, own)
            at = text_at(left + wide / 2, up + tall / 2 + 4, "off" if off else "", words, "middle")
            (above if off else parts).append(at if words else "")
    parts += above
    return x + len(scene["columns"]) * wide, y + len(texts) * tall


def _words(text: str, state: str, sign: str, few: bool, own: bool) -> str:
    """What stands in a square: its number, or its sign where there is no room; nothing for 0."""
    if own and state == "missing":
        return "–"
    off = "≠" if own and state == "wrong" else ""
    if not few:
        return off or {"plus": "+", "minus": "−", "zero": ""}[sign]
    return off + text if off or text != "0" else ""


def _wrongs(scene: dict[str, Any]) -> list[str]:
    """The first wrong squares with both numbers and what lies between."""
    found = [
        f"{row} by {column}: true {scene['true'][r][c]}, {scene['short']} says "
        f"{scene['found'][r][c]}, off by {scene['gap'][r][c]}"
        for r, row in enumerate(scene["rows"])
        for c, column in enumerate(scene["columns"])
        if scene["state"][r][c] == "wrong"
    ]
    more = len(found) - LISTED
    return found[:LISTED] + ([f"and {more} more"] if more > 0 else [])
