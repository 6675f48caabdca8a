"""Results as a picture that can be read on light and on dark pages: SVG without a background."""

from __future__ import annotations

from pathlib import Path
from typing import Any

INK = "#808080"  # is seen on white and on black
COLOURS = {
    "minidl": "#e4572e",
    "minidl compiled": "#f2a33a",
    "torch": "#4f7cac",
    "torch fused": "#7ea3cc",
    "torch.compile": "#35577d",
    "jax": "#4fa36b",
    "tinygrad": "#9b6fb0",
    "autograd": "#8f8f5a",
}


def plain(axes: Any) -> None:
    """Grey text and lines, no frame, no background."""
    axes.patch.set_alpha(0)
    axes.tick_params(colors=INK, which="both")
    for part in (axes.title, axes.xaxis.label, axes.yaxis.label):
        part.set_color(INK)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(INK)


def keep(figure: Any, path: Path) -> None:
    """Writes a figure; an SVG without the date, so that the same numbers give the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.patch.set_alpha(0)
    options: dict[str, Any] = (
        {"metadata": {"Date": None}} if path.suffix == ".svg" else {"dpi": 160}
    )
    figure.savefig(path, bbox_inches="tight", **options)


def new(columns: int = 1, width: float = 9, height: float = 3.6) -> tuple[Any, Any]:
    """A figure with axes in a row, drawn without a screen."""
    import matplotlib

    matplotlib.rcParams |= {"svg.hashsalt": "minidl", "svg.fonttype": "none"}
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    return figure, figure.subplots(1, columns)


def draw(result: dict[str, Any], path: Path) -> None:
    """Bars: how many times as fast as PyTorch eager each contender is, by workload."""
    from benchmarks.contest import ratio
    from benchmarks.report import ran, ways_of

    works = result["workloads"]
    ways = [way for way in ways_of(result) if way != "torch"]
    ways = [way for way in ways if any(ran(work["found"], way) for work in works.values())]
    figure, axes = new()
    width = 0.8 / max(1, len(ways))
    for number, way in enumerate(ways):
        colour = COLOURS.get(way, INK)
        for place, work in enumerate(works.values()):
            speed = ratio(work["found"], way)
            if speed:
                middle = place - 0.4 + (number + 0.5) * width
                axes.bar(middle, speed - 1, 0.92 * width, bottom=1, color=colour)
        axes.bar(0, 0, color=colour, label=way)
    axes.set_yscale("log")
    axes.axhline(1, color=COLOURS["torch"], linewidth=1.5, label="PyTorch eager")
    axes.set_xticks(range(len(works)), [f"{n}\n{w['words']}" for n, w in works.items()], fontsize=7)
    axes.set_ylabel("times as fast")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_minor_formatter(lambda value, _: "")
    axes.legend(frameon=False, labelcolor=INK, fontsize=8, ncols=2)
    plain(axes)
    keep(figure, path)
