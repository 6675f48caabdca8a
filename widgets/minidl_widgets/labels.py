"""Where the texts beside the cards stand: the number on an edge, the pills of a backward step.

Each text has a box of its own and nothing is written over anything: an edge's number keeps to the
gap between two columns, a pill to the gap above or below its card.
"""

from collections.abc import Mapping
from typing import Any

from .layout import GAP_Y, Point

LETTER = 6.7  # the width of the 11 px letters, all equal, that both texts are set in
LONGEST = 9  # letters of an edge's number: so many fit between two columns,
SPILL = 24.0  # beside pills that are so much wider than their card
PAD = 14.0  # to the left and right of a pill's text, together
ARROW, LIFT = 11.0, 5.0  # an edge's number ends before the arrow and stands above the line


def on_edge(text: str) -> str:
    """What stands on an edge: a number, or a rule that is short enough."""
    return text if len(text) <= LONGEST else ""


def foot(end: Point) -> Point:
    """Where an edge's number ends, on its base line, if the edge ends at `end`."""
    return end[0] - ARROW, end[1] - LIFT


def pills(step: Mapping[str, Any], cards: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The product above the card that it leaves, the += below the card that it is added into."""
    made, kind = [], "sum" if step.get("first") else "meet"
    if step.get("product") and step["box"] in cards:
        made.append(_pill("product", step["product"], " = ", cards[step["box"]]))
    if step.get("sum") and step["into"] in cards:
        made.append(_pill(kind, step["sum"], " → ", cards[step["into"]]))
    return made


def _pill(kind: str, text: str, mark: str, card: Mapping[str, Any]) -> dict[str, Any]:
    """One line where the card is wide enough; else what comes of it stands on a second.

    Of a line that is still too long the first number goes: it stands on the card as well.
    """
    most = (card["w"] + SPILL - PAD) / LETTER
    lines = [text]
    if len(text) > most and mark in text:
        head, _, tail = text.partition(mark)
        head = head if len(head) <= most else head.partition(" ")[2]
        lines = [head, mark.strip() + " " + tail]
    beside = -GAP_Y / 2 if kind == "product" else card["h"] + GAP_Y / 2
    return {"kind": kind, "lines": lines, "x": card["x"] + card["w"] / 2, "y": card["y"] + beside}
