"""What became of a function: operations, kernels, memory, guards and source, to be read."""

from typing import TYPE_CHECKING, Any, final

from .graph import Graph

if TYPE_CHECKING:
    from .compiled import Compiled
    from .entry import Entry


@final
class Explanation:
    """A report on a compiled function; printed, it is text.

    Attributes:
        meanings: per meaning that is kept (the one used last first) a dictionary with
            "operations" (before and after the passes), "traced" and "graph" (before and after
            them), "statistics" of the program (kernels, buffers, bytes moved, peak memory, as far
            as its emitter counts them), "notes" (what was not done and why), "call" (the source of
            guards and call), "source" (of the program).
    """

    def __init__(self, compiled: "Compiled"):
        self.name = compiled.__name__
        self.given_up = compiled.given_up
        self.meanings = [_meaning(entry) for entry in compiled.entries]

    @property
    def source(self) -> str:
        """The program used last, as text."""
        return self.meanings[0]["source"] if self.meanings else ""

    @property
    def guards(self) -> str:
        """What is looked at before each call, and how the call goes, as text."""
        return self.meanings[0]["call"] if self.meanings else ""

    def __str__(self) -> str:
        if self.given_up is not None:
            return f"{self.name} runs uncompiled: {self.given_up}"
        if not self.meanings:
            return f"{self.name} is not compiled yet: that happens at its first call."
        count = len(self.meanings)
        number = "1 compiled meaning" if count == 1 else f"{count} compiled meanings"
        lines = [f"{self.name}: {number}, the one used last first."]
        for i, meaning in enumerate(self.meanings):
            lines += ["", f"Meaning {i}", *_told(meaning)]
        lines += ["", "Guards and call of meaning 0:", self.guards]
        return "\n".join(lines)

    __repr__ = __str__


def _meaning(entry: "Entry") -> dict[str, Any]:
    program, traced, graph = entry.program, entry.capture.graph.used(), entry.graph
    return {
        "operations": (len(traced.calls), len(graph.calls)),
        "kinds": (operations(traced), operations(graph)),
        "backend": type(program).__name__,
        "inputs": _described(entry),
        "statistics": getattr(program, "statistics", dict)(),
        "notes": [*entry.notes, *program.notes],
        "call": entry.text,
        "source": program.source(),
        "traced": traced,
        "graph": graph,
        "gradient": entry.replay is not None,
        "input_bytes": _bytes(graph.inputs),
        "output_bytes": _bytes(graph.outputs),
    }


def _described(entry: "Entry") -> dict[str, int]:
    """How many inputs come from where."""
    counts: dict[str, int] = {}
    for source in entry.capture.sources:
        kind = source.kind
        kind = entry.capture.roles[source.index].source.kind if kind == "subject" else kind
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _bytes(symbols: list[Any]) -> int:
    return sum(_size(x) for x in symbols)


def _size(x: Any) -> int:
    size = x.dtype.itemsize
    for n in x.shape:
        size *= n
    return size


def _told(meaning: dict[str, Any]) -> list[str]:
    before, after = meaning["operations"]
    where = ", ".join(f"{count} {kind}" for kind, count in meaning["inputs"].items()) or "nothing"
    then, now = meaning["kinds"]
    changed = [f"{kind} {n} -> {now.get(kind, 0)}" for kind, n in then.items()
               if now.get(kind, 0) != n]  # fmt: skip
    lines = [
        f"  operations: {before} traced, {after} after the passes",
        f"  of these: {', '.join(changed) or 'each as often as before'}",
        f"  program: {meaning['backend']}; it reads {where}",
        f"  numbers read and written outside: {meaning['input_bytes']:,} and "
        f"{meaning['output_bytes']:,} bytes",
    ]
    lines += [f"  {key}: {value:,}" if isinstance(value, int) else f"  {key}: {value}"
              for key, value in meaning["statistics"].items()]  # fmt: skip
    if meaning["gradient"]:
        lines.append("  the gradient of its results is a program of its own")
    return lines + [f"  note: {note}" for note in meaning["notes"]]


def operations(graph: Graph) -> dict[str, int]:
    """How often each primitive is called, the most frequent first."""
    counts: dict[str, int] = {}
    for call in graph.calls:
        counts[call.primitive.name] = counts.get(call.primitive.name, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
