"""The graph as a picture for paper: SVG of the finished walk, in the page's layout.

A notebook keeps it beside the live view, so that it shows where no kernel runs. It brings its own
background, for a viewer may put it on white or on black.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from .assets import HERE

HINT = "Run the cell to step through this graph."
STYLE = (HERE / "drawing.css").read_text(encoding="utf-8")


def svg(scene: dict[str, Any], title: str) -> str:
    """The whole graph with every value and gradient that the walk found."""
    values, grads = finished(scene)
    width, height = scene["size"]
    problem = scene["problem"]
    tall = height + (30 if problem else 0)
    arrowed = [edge["path"] + arrow(*edge["to"]) for edge in scene["edges"]]
    parts = [
        *(f'<path class="edge" d="{path}"/>' for path in arrowed),
        *(_local(edge) for edge in scene["edges"] if edge["local"]),
        *(_card(node, values, grads) for node in scene["nodes"]),
        text_at(24, height - 8, "key", HINT),
        text_at(24, height + 8, "problem", problem) if problem else "",
    ]
    return sheet(width, tall, title, parts)


def sheet(width: float, height: float, title: str, parts: Iterable[str], style: str = "") -> str:
    """A picture on a ground of its own, at least 320 wide. style: rules beside the shared ones."""
    width = max(width, 320.0)
    frame = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="mdl-svg" role="img" {frame}>',
            f"<title>{escape(title)}</title><style>{STYLE}{style}</style>",
            f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" rx="10"/>',
            *parts,
            "</svg>",
        ]
    )


def finished(scene: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Every value and every gradient on the cards after the last step."""
    values: dict[str, str] = {}
    grads: dict[str, str] = {}
    for step in scene["steps"]:
        values |= step["values"]
        grads |= step["grads"]
    return values, grads


def _card(node: dict[str, Any], values: dict[str, str], grads: dict[str, str]) -> str:
    x, y, w, h = node["x"], node["y"], node["w"], node["h"]
    place = f'x="{x:.1f}" y="{y:.1f}" width="{w:.0f}" height="{h:.0f}" rx="10"'
    box = f'<rect class="card {node["kind"]}" {place}/>'
    if node["kind"] == "constant":
        return box + text_at(x + w / 2, y + h / 2 + 4, "value", node["name"], "middle")
    rows = [("value", values.get(node["id"], ""), 42), ("grad", grads.get(node["id"], ""), 60)]
    return "".join(
        [
            box,
            text_at(x + 12, y + 22, "name", node["name"]),
            text_at(x + w - 12, y + 22, "sign", node["op"], "end"),
            *(text_at(x + 12, y + at, "key", key) for key, _, at in rows),
            *(text_at(x + w - 12, y + at, key, text, "end") for key, text, at in rows if text),
        ]
    )


def arrow(x: float, y: float) -> str:
    """The head of an arrow that points right and ends at a place, for a path."""
    return f"M{x - 7:.1f} {y - 4:.1f}L{x - 1:.1f} {y:.1f}L{x - 7:.1f} {y + 4:.1f}"


def _local(edge: dict[str, Any]) -> str:
    x, y = edge["at"]
    return text_at(x, y, "local", edge["local"], "end")


def text_at(x: float, y: float, kind: str, text: str, anchor: str = "start") -> str:
    """A text of one of the stylesheet's kinds, on its base line."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(text)}</text>'
