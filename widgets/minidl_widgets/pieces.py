"""Whose each part of the running minidl is, with a switch for each that the learner has built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, final

import anywidget
import traitlets

from minidl.grading import switch
from minidl.grading.notebook.badges import NOTHING
from minidl.grading.pieces import yours

from .assets import script, style

WIDE, LINE = 640, 30
STYLE = """
.minidl-pieces { --ink:#1d2430; --soft:#566070; --paper:#fff; font: 13px system-ui, sans-serif }
@media (prefers-color-scheme: dark) {
  .minidl-pieces { --ink:#e8ebf1; --soft:#a9b2c1; --paper:#12151b }
}
:is(html[theme="light"], body[data-jp-theme-light="true"], body.vscode-light) .minidl-pieces {
  --ink:#1d2430; --soft:#566070; --paper:#fff
}
:is(html[theme="dark"], body[data-jp-theme-light="false"], body.vscode-dark) .minidl-pieces {
  --ink:#e8ebf1; --soft:#a9b2c1; --paper:#12151b
}
.minidl-pieces rect { fill: var(--paper) }
.minidl-pieces text { fill: var(--ink) }
.minidl-pieces .soft { fill: var(--soft) }
"""


@final
class Pieces(anywidget.AnyWidget):
    """The badge with switches; as the last line of a cell it shows itself.

    ::

        from minidl.grading import load_mine
        from minidl_widgets import Pieces

        load_mine()
        Pieces()

    A switch puts minidl's own part back, or yours, for this notebook and the next ones. What checks
    and fall-backs change is seen at once.
    """

    _esm = script("pieces")
    _css = style("pieces")

    parts = traitlets.List().tag(sync=True)
    nothing = traitlets.Unicode(NOTHING, read_only=True).tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self.look()
        yours.changes.add(self.look)
        self.on_msg(self._hear)

    def look(self) -> None:
        """Ask whose each part is."""
        self.parts = drawn(yours.owners(), [yours.short(name) for name in yours.known()])

    def _hear(self, _widget: Any, content: Mapping[str, Any], _buffers: Any) -> None:
        """The page may turn the switch of a part that has one, and nothing else."""
        names = [part["name"] for part in self.parts if part["switch"]]
        if content.get("type") == "switch" and content.get("name") in names:
            switch(content["name"], "yours" if content.get("yours") else "minidl's")

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        return {**data, "image/svg+xml": static_svg(self.parts), "text/plain": repr(self)}, more

    def __repr__(self) -> str:
        """ "Pieces: 2 of 3 parts are yours"."""
        mine = sum(part["yours"] for part in self.parts)
        return f"Pieces: {mine} of {len(self.parts)} parts are yours"


def drawn(owners: Sequence[tuple[str, str, str]], known: Sequence[str]) -> list[dict[str, Any]]:
    """What the page draws, as plain JSON: each part, whose it is, and a sentence."""
    return [
        {
            "name": name,
            "yours": owner == "yours",
            "switch": name in known,
            "why": why,
            "said": f"{name} runs on {'your' if owner == 'yours' else 'minidl' + chr(39) + 's own'}"
            f" code{f', because {why}' if why and owner != 'yours' else ''}.",
        }
        for name, owner, why in owners
    ]


def static_svg(parts: Sequence[Mapping[str, Any]]) -> str:
    """The list on paper: a line for each part."""
    height = 20 + LINE * max(1, len(parts))
    told = " ".join(part["said"] for part in parts) or NOTHING
    rows = "".join(_row(part, 30 + LINE * k) for k, part in enumerate(parts))
    rows = rows or f'<text class="soft" x="16" y="30">{NOTHING}</text>'
    size = f'width="{WIDE}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="minidl-pieces" {size} role="img" '
        f'viewBox="0 0 {WIDE} {height}" aria-label="{escape(told)}"><style>{STYLE}</style>'
        f'<rect {size} rx="8"/>{rows}</svg>'
    )


def _row(part: Mapping[str, Any], y: int) -> str:
    owner = "yours" if part["yours"] else "minidl's"
    return (
        f'<text x="16" y="{y}" font-family="monospace">{escape(part["name"])}</text>'
        f'<text x="330" y="{y}" font-weight="600">{owner}</text>'
        f'<text class="soft" x="410" y="{y}">{escape(part["why"])}</text>'
    )
