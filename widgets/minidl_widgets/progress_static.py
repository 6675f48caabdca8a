"""The learner's progress on paper: a line for each lesson, a square for each exercise."""

from __future__ import annotations

from html import escape
from typing import Any

WIDE, LINE, SQUARE = 640, 58, 26
SIGNS = {"done": "✓", "begun": "…", "new": ""}

# An SVG in a page shares the page's style sheet, so every rule here names the picture's own class.
LIGHT = (
    "--ink:#1d2430; --soft:#566070; --rule:#8b95a5; --good:#1a7340; --wash:#e6f3ea; --paper:#fff"
)
DARK = (
    "--ink:#e8ebf1; --soft:#a9b2c1; --rule:#77818f; --good:#84d6a0; --wash:#1c3326; --paper:#12151b"
)
IN_LIGHT = ':is(html[theme="light"], body[data-jp-theme-light="true"], body.vscode-light)'
IN_DARK = ':is(html[theme="dark"], body[data-jp-theme-light="false"], body.vscode-dark)'
STYLE = f"""
.minidl-progress {{ {LIGHT}; font: 12px system-ui, sans-serif; max-width: 100%; height: auto; }}
@media (prefers-color-scheme: dark) {{ .minidl-progress {{ {DARK}; }} }}
{IN_LIGHT} .minidl-progress {{ {LIGHT}; }}
{IN_DARK} .minidl-progress {{ {DARK}; }}
.minidl-progress .paper {{ fill: var(--paper); }}
.minidl-progress text {{ fill: var(--soft); }}
.minidl-progress .title {{ fill: var(--ink); font-weight: 600; font-size: 13px; }}
.minidl-progress .square {{ fill: none; stroke: var(--rule); }}
.minidl-progress .begun {{ stroke-dasharray: 3 3; }}
.minidl-progress .done {{ fill: var(--wash); stroke: var(--good); stroke-width: 1.5; }}
.minidl-progress .sign {{ fill: var(--good); text-anchor: middle; }}
"""


def static_svg(course: dict[str, Any]) -> str:
    """The whole course as one picture; `course` is what the widget draws."""
    lessons = course["lessons"]
    height = 46 + LINE * len(lessons)
    size = f'width="{WIDE}" height="{height}"'
    told = "; ".join([course["said"], *(f"{one['title']}: {one['said']}" for one in lessons)])
    lines = "".join(_line(one, 46 + LINE * k) for k, one in enumerate(lessons))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="minidl-progress" {size} role="img"'
        f' viewBox="0 0 {WIDE} {height}" aria-label="{escape(told)}"><style>{STYLE}</style>'
        f'<rect class="paper" {size} rx="8"/>'
        f'<text class="title" x="16" y="26">{escape(course["said"])}</text>{lines}</svg>'
    )


def _line(lesson: dict[str, Any], y: float) -> str:
    squares = "".join(
        f'<rect class="square {one["state"]}" x="{16 + k * (SQUARE + 6)}" y="{y + 18}"'
        f' width="{SQUARE}" height="{SQUARE}" rx="6"><title>{escape(one["said"])}</title></rect>'
        f'<text class="sign" x="{16 + k * (SQUARE + 6) + SQUARE / 2}" y="{y + 36}">'
        f"{SIGNS[one['state']]}</text>"
        for k, one in enumerate(lesson["exercises"])
    )
    return (
        f'<text class="title" x="16" y="{y + 10}">{escape(lesson["title"])}</text>'
        f'<text x="{WIDE - 16}" y="{y + 10}" text-anchor="end">{escape(lesson["said"])}</text>'
        f"{squares}"
    )
