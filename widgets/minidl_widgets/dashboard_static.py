"""The dashboard on paper: the curves as one SVG for light and dark, the state as one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any, final

from .dashboard_series import Series, thin
from .writing import number

WIDE, TALL, GAP = 340, 150, 20  # one frame, and the air between two
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 28, 22  # around the curves inside a frame
DASHES = ("", "6 3", "2 3", "8 3 2 3")  # the run that a line belongs to; its hue says the quantity

# An SVG in a page shares the page's style sheet, so every rule here names the picture's own class.
LIGHT = "--ink:#1d2430; --soft:#566070; --rule:#d5dae2; --one:#1a5bb8; --two:#a3430a; --paper:#fff"
DARK = (
    "--ink:#e8ebf1; --soft:#a9b2c1; --rule:#39414e; --one:#8fbcff; --two:#ffb480; --paper:#12151b"
)
IN_LIGHT = ':is(html[theme="light"], body[data-jp-theme-light="true"], body.vscode-light)'
IN_DARK = ':is(html[theme="dark"], body[data-jp-theme-light="false"], body.vscode-dark)'
STYLE = f"""
.minidl-curves {{ {LIGHT}; font: 11px system-ui, sans-serif; max-width: 100%; height: auto; }}
@media (prefers-color-scheme: dark) {{ .minidl-curves {{ {DARK}; }} }}
{IN_LIGHT} .minidl-curves {{ {LIGHT}; }}
{IN_DARK} .minidl-curves {{ {DARK}; }}
.minidl-curves .paper {{ fill: var(--paper); }}
.minidl-curves text {{ fill: var(--soft); }}
.minidl-curves .title {{ fill: var(--ink); font-weight: 600; }}
.minidl-curves .rule {{ stroke: var(--rule); }}
.minidl-curves .line {{ fill: none; stroke-width: 1.6; stroke-linejoin: round; }}
.minidl-curves .one {{ stroke: var(--one); }}
.minidl-curves .two {{ stroke: var(--two); }}
.minidl-curves circle.two {{ fill: var(--two); stroke: none; }}
.minidl-curves .key {{ stroke: var(--soft); }}
"""

Runs = Sequence[tuple[str, dict[str, Series]]]


def static_svg(runs: Runs, metrics: Sequence[str]) -> str:
    """Loss, metrics, learning rate and gradient norm of every run, two frames in a row."""
    panels = [("loss", "Loss"), *((m, m.replace("_", " ").capitalize()) for m in metrics)]
    panels += [("lr", "Learning rate"), ("grad_norm", "Gradient norm")]
    panels = [p for p in panels if any(p[0] in series for _, series in runs)] or panels[:1]
    rows = math.ceil(len(panels) / 2)
    width, height = 2 * WIDE + GAP + 16, rows * (TALL + GAP) + 28
    frames = [
        f'<g transform="translate({8 + (i % 2) * (WIDE + GAP)} {8 + (i // 2) * (TALL + GAP)})">'
        f"{_frame(runs, name, title)}</g>"
        for i, (name, title) in enumerate(panels)
    ]
    size = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="minidl-curves" {size} role="img"'
        f' viewBox="0 0 {width} {height}" aria-label="{_told(runs)}"><style>{STYLE}</style>'
        f'<rect class="paper" {size} rx="8"/>{"".join(frames)}{_key(runs, height)}</svg>'
    )


def _told(runs: Runs) -> str:
    """The picture for a reader who hears it."""
    told = []
    for label, series in runs:
        ends = [f"{n.replace('_', ' ')} {_last(s)}" for n, s in series.items() if "/" not in n]
        told.append(f"{label}: {', '.join(ends) or 'no steps yet'}")
    return escape("Curves of training. " + "; ".join(told))


def _last(curve: Series) -> str:
    return number(curve["y"][-1], 3) if curve["y"][-1] is not None else "not finite"


def _frame(runs: Runs, name: str, title: str) -> str:
    """One frame: a grid and each run's curve; in the second hue, the same on validation data."""
    found = [
        (series[key], hue, k)
        for k, (_, series) in reversed(list(enumerate(runs)))
        for key, hue in ((f"valid_{name}", "two"), (name, "one"))
        if key in series
    ]
    text = f'<text class="title" x="{LEFT}" y="14">{escape(title)}</text>'
    if not found:
        return text + f'<text x="{LEFT}" y="{TALL // 2}">no steps yet</text>'
    scale = _Scale([curve for curve, _, _ in found])
    return text + scale.grid() + "".join(_line(curve, scale, hue, k) for curve, hue, k in found)


@final
class _Scale:
    """From steps and values to places in a frame."""

    def __init__(self, curves: Sequence[Series]) -> None:
        values = [y for curve in curves for y in curve["y"] if y is not None] or [0.0, 1.0]
        self.last = max(1, *(x for curve in curves for x in curve["x"]))
        self.low, high = min(values), max(values)
        air = 0.06 * (high - self.low) or 0.2 * abs(high) or 1.0
        self.low = 0.0 if 0 <= self.low < air else self.low - air
        self.high = high + air

    def x(self, step: float) -> float:
        return round(LEFT + step / self.last * (WIDE - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return round(TALL - BOTTOM - part * (TALL - TOP - BOTTOM), 1)

    def grid(self) -> str:
        rules = [
            f'<path class="rule" d="M{LEFT} {self.y(t)}H{WIDE - RIGHT}"/>'
            f'<text x="{LEFT - 6}" y="{self.y(t) + 4}" text-anchor="end">{number(t, 3)}</text>'
            for t in _ticks(self.low, self.high, 4)
        ]
        steps = [
            f'<text x="{self.x(t)}" y="{TALL - 6}" text-anchor="{"middle" if t else "start"}">'
            f"{number(t, 6) if t else 'step 0'}</text>"
            for t in _ticks(0, self.last, 4)
            if self.x(t) < WIDE - 16
        ]
        return "".join(rules + steps)


def _ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers between low and high, about `count` of them."""
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.75)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _line(curve: Series, scale: _Scale, hue: str, run: int) -> str:
    curve = thin(curve, WIDE)
    pairs = zip(curve["x"], curve["y"], strict=True)
    points = [(scale.x(x), None if y is None else scale.y(y)) for x, y in pairs]
    pens = ["M", *("L" if before[1] is not None else "M" for before, _ in pairwise(points))]
    d = "".join(f"{pen}{x} {y}" for pen, (x, y) in zip(pens, points, strict=True) if y is not None)
    dash = f' stroke-dasharray="{DASHES[run % len(DASHES)]}"' if run else ""
    dots = [p for p in points if p[1] is not None] if hue == "two" and len(points) < 60 else []
    return f'<path class="line {hue}" d="{d}"{dash}/>' + "".join(
        f'<circle class="{hue}" cx="{x}" cy="{y}" r="2.2"/>' for x, y in dots
    )


def _key(runs: Runs, height: int) -> str:
    """Which line is which: training and validation by hue and dots, the runs by their dashes."""
    entries = [('class="line one"', "training"), ('class="line two"', "validation")]
    if len(runs) > 1:
        look = 'class="line key" stroke-dasharray="{}"'
        entries += [(look.format(DASHES[k % len(DASHES)]), run[0]) for k, run in enumerate(runs)]
    text, x, y = "", 8 + LEFT, height - 16
    for look, label in entries:
        dot = f'<circle class="two" cx="{x + 12}" cy="{y}" r="2.2"/>' if "two" in look else ""
        text += f'<path {look} d="M{x} {y}h24"/>{dot}'
        text += f'<text x="{x + 30}" y="{y + 4}">{escape(label)}</text>'
        x += 54 + 6 * len(label)
    return text


def sentence(state: str, run: Any, error: Exception | None) -> str:
    """Where a run stands, as one would say it."""
    total, epochs = run.total_steps, run.epochs
    whole = " in ".join(f"{n} {what}" for n, what in ((total, "steps"), (epochs, "epochs")) if n)
    place = f"step {run.step}" + ("" if total is None else f" of {total}")
    words = str(error)
    return {
        "ready": f"Ready: {whole}." if whole else "Ready.",
        "running": "Running.",
        "paused": f"Paused at {place}.",
        "finished": f"Finished after {run.step} steps.",
        "stopped": f"Stopped at {place}.",
        "failed": f"The run broke off ({type(error).__name__}). {words[:1].upper()}{words[1:]}",
    }[state]
