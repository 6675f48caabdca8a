"""What the compiler's passes make of a graph: a picture before and after each that changed it."""

from collections.abc import Callable
from html import escape
from typing import Any, final

from minidl.compiler import Call, Graph, Symbol, trace
from minidl.compiler.passes import stages

from . import writing
from .drawing import arrow, sheet, text_at
from .layout import place
from .scene import curve

SIZE = (196.0, 60.0)
MOST = 150  # calls in a picture; a larger graph is told in numbers
LETTERS = 23  # in a line of a card
LEGEND = "dotted: gone after the next pass; bold: new"


@final
class Passes:
    """A graph before and after each pass, as a notebook shows it.

    Args:
        f: a function of tensors, which is traced, or a graph.
        examples: tensors of the shapes that it is to be traced with.
    """

    def __init__(self, f: Callable | Graph, *examples: Any):
        graph = f if isinstance(f, Graph) else trace(f)(*examples)
        found = stages(graph)
        before = [found[0][1], *(stage for _, stage in found)]
        self.stages = [
            (name, stage)
            for (name, stage), old in zip(found, before, strict=False)
            if stage is graph or repr(stage) != repr(old)
        ]

    def svgs(self) -> list[str]:
        """A picture per stage."""
        pictures = []
        for i, (name, stage) in enumerate(self.stages):
            before = self.stages[i - 1][1] if i else stage
            after = self.stages[i + 1][1] if i + 1 < len(self.stages) else stage
            pictures.append(svg(stage, self._title(i, name), before, after))
        return pictures

    def _title(self, i: int, name: str) -> str:
        count = len(self.stages[i][1].calls)
        return f"{name}: {count} {'call' if count == 1 else 'calls'}"

    def _repr_html_(self) -> str:
        titles = [self._title(i, name) for i, (name, _) in enumerate(self.stages)]
        figures = (
            f'<figure style="margin:0 0 1em;overflow-x:auto"><figcaption>{escape(title)}'
            f"</figcaption>{picture}</figure>"
            for title, picture in zip(titles, self.svgs(), strict=True)
        )
        return f"<div>{''.join(figures)}<p>{LEGEND}</p></div>"


def svg(graph: Graph, title: str = "graph", before: Any = None, after: Any = None) -> str:
    """A graph as a picture.

    Args:
        before, after: graphs with which it is compared: calls that are new, and that will be gone.
    """
    if len(graph.calls) > MOST:
        words = f"{len(graph.calls):,} calls are too many for a picture; read print(graph)."
        return sheet(640, 48, title, [text_at(24, 30, "key", words)])
    results = {x for x in graph.outputs if type(x) is Symbol}
    used = results | {x for call in graph.calls for x in call.inputs if type(x) is Symbol}
    shown = [x for x in graph.inputs if x in used]
    edges = [
        (f"n{x.index}", f"n{call.output.index}")
        for call in graph.calls
        for x in dict.fromkeys(x for x in call.inputs if type(x) is Symbol)
    ]
    names = [*(f"n{x.index}" for x in shown), *(f"n{c.output.index}" for c in graph.calls)]
    places = place(dict.fromkeys(names, SIZE), edges)
    old, kept = _lines(before), _lines(after)
    parts = [
        f'<path class="edge" d="{curve(points)}{arrow(*points[-1])}"/>' for points in places.edges
    ]
    for i, x in enumerate(shown):
        words = (f"input {i}", str(x.dtype), writing.shape(x))
        parts.append(_card(places.boxes[f"n{x.index}"], "leaf", *words))
    for call in graph.calls:
        line, kind = repr(call), "result" if call.output in results else ""
        kind += " gone" if kept and line not in kept else " new" if old and line not in old else ""
        parts.append(_card(places.boxes[f"n{call.output.index}"], kind, *_words(call)))
    return sheet(*places.size, title, parts)


def _lines(graph: Graph | None) -> set[str]:
    return set() if graph is None else {repr(call) for call in graph.calls}


def _words(call: Call) -> tuple[str, str, str]:
    """A call's name, its constants and parameters, and the shape of what it makes."""
    constants = [_constant(x) for x in call.inputs if type(x) is not Symbol]
    params = [f"{k}={x}" for k, x in call.params.items() if k != "shape" and "<" not in f"{x}"]
    return call.primitive.name, ", ".join(constants + params), writing.shape(call.output)


def _constant(x: Any) -> str:
    if getattr(x, "shape", ()):
        return f"constant {writing.shape(x)}"
    return writing.number(x) if not isinstance(x, complex) else str(x)


def _card(corner: tuple[float, float], kind: str, name: str, line: str, shape: str) -> str:
    x, y = corner
    line = line if len(line) <= LETTERS else line[: LETTERS - 1] + "…"
    place = f'x="{x:.1f}" y="{y:.1f}" width="{SIZE[0]:.0f}" height="{SIZE[1]:.0f}" rx="10"'
    return "".join(
        [
            f'<rect class="card {kind.strip()}" {place}/>',
            text_at(x + 12, y + 24, "name", name),
            text_at(x + SIZE[0] - 12, y + 24, "sign", shape, "end"),
            text_at(x + 12, y + 45, "value", line),
        ]
    )
