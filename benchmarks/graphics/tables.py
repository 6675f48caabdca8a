"""Results of `benchmarks.gpu` for a terminal and for the page about speed."""

from __future__ import annotations

from typing import Any

from benchmarks.graphics.tasks import TASKS
from benchmarks.graphics.ways import WAYS
from benchmarks.report import digits

Result = dict[str, Any]
FIRST = {"float32": 1e-4, "tf32": 3e-3, "bfloat16": 2e-2}  # how far first losses may be apart


def merged(before: Result, now: Result) -> Result:
    """What was kept, with what was measured now in its place; another card begins anew.

    A part without the ceilings, which say the card's name, is of the card before.
    """
    if now["ceilings"] and before.get("device") != now["device"]:
        return now
    tasks = dict(before["tasks"])
    for name, ways in now["tasks"].items():
        tasks[name] = tasks.get(name, {}) | ways
    known = {"ceilings": before["ceilings"] | now["ceilings"], "tasks": tasks}
    return now | known | {"device": before["device"]}


def disagreements(result: Result) -> list[str]:
    """Ways whose first loss is another than PyTorch eager's."""
    faults = []
    for name, ways in result["tasks"].items():
        losses = {way: told["losses"][0] for way, told in ways.items() if "losses" in told}
        truth = losses.get("torch", next(iter(losses.values()), 0.0))
        allowed = FIRST[TASKS[name].precision]
        for way, loss in losses.items():
            if not abs(loss - truth) <= allowed * abs(truth):
                faults.append(f"{name}: {way} begins with {loss:.6f}, not with {truth:.6f}.")
    return faults


def share(result: Result, name: str, way: str, what: str) -> str:
    """How much of the card's measured best a way reached, in per cent; of its fastest framework."""
    counts = result["tasks"][name].get("torch", {})
    told = result["tasks"][name].get(way, {})
    limits = [c for c in result["ceilings"].values() if "matrix" in c]
    counted = counts.get("flops" if what == "matrix" else "bytes")
    if not limits or "median" not in told or not counted:
        return "-"
    if what == "matrix":
        best = max(c["matrix"].get(TASKS[name].precision, 0) for c in limits) * 1e12
        return f"{100 * counted / told['median'] / best:.0f}" if best else "-"
    best = max(c["copy"] for c in limits) * 1e9
    return f"{100 * counted / told['median'] / best:.0f}"


def ratio(result: Result, name: str, way: str, to: str = "torch") -> str:
    """How many times another's speed a way has."""
    ways = result["tasks"][name]
    if "median" not in ways.get(way, {}) or "median" not in ways.get(to, {}):
        return "-"
    return f"{ways[to]['median'] / ways[way]['median']:.2f}"


def lines(result: Result) -> str:
    """A line for each task and way, for the terminal."""
    text = [f"{result['device']}, {result['machine']['date']}"]
    for way, told in result["ceilings"].items():
        text.append(f"  by {way}: {ceiling(told)}")
    for name, ways in result["tasks"].items():
        text.append(f"{name}, {TASKS[name].work.words}, {TASKS[name].precision}")
        for way, told in ways.items():
            if "missing" in told:
                text.append(f"  {way:16} left out: {told['missing']}")
                continue
            low, high = (1e3 * f(told["seconds"]) for f in (min, max))
            text.append(
                f"  {way:16} {digits(1e3 * told['median']):>8} ms ({digits(low)} to {digits(high)})"
                f" {ratio(result, name, way):>6} x torch  first {told['first']:6.2f} s"
                f"  {told['memory']:6.0f} MB  matrix {share(result, name, way, 'matrix')} %"
                f"  copy {share(result, name, way, 'copy')} %"
                f"  loss {told['losses'][0]:.5f} {told['losses'][-1]:.5f}"
            )
    return "\n".join(text)


def ceiling(told: dict[str, Any]) -> str:
    """What a card can do at most, in words."""
    if "matrix" not in told:
        return f"left out: {told.get('missing')}"
    products = ", ".join(f"{kind} {digits(speed)}" for kind, speed in told["matrix"].items())
    return (
        f"products of matrices {products} TFLOP/s; copy {told['copy']:.0f} GB/s; "
        f"{told['launch']:.1f} microseconds for one small addition"
    )


def markdown(result: Result) -> str:
    """The page's tables."""
    names = [name for name in TASKS if name in result["tasks"]]
    parts = [f"{result['device']}, {result['machine']['date']}. At most:"]
    if "note" in result["machine"]:
        parts.insert(0, result["machine"]["note"])
    parts += ["\n".join(f"* by {way}: {ceiling(c)}" for way, c in result["ceilings"].items())]

    def grid(cell: Any) -> str:
        rows = ["| | precision | " + " | ".join(WAYS) + " |", "|---" * (len(WAYS) + 2) + "|"]
        for name in names:
            cells = " | ".join(cell(name, way) for way in WAYS)
            rows.append(f"| {name}, {TASKS[name].work.words} | {TASKS[name].precision} | {cells} |")
        return "\n".join(rows)

    def of(name: str, way: str, key: str, times: float = 1.0) -> str:
        told = result["tasks"][name].get(way, {})
        return digits(times * told[key]) if key in told else "-"

    parts += ["Milliseconds a step:", grid(lambda name, way: of(name, way, "median", 1e3))]
    parts += [
        "How many times as fast as PyTorch eager:",
        grid(lambda name, way: ratio(result, name, way)),
        "MB of the card's memory:",
        grid(lambda name, way: of(name, way, "memory")),
    ]
    counted = any("flops" in ways.get("torch", {}) for ways in result["tasks"].values())
    parts += counted * [
        "Per cent of the card's best matrix product, of its best copy (of the bytes that PyTorch "
        "eager's operations read and write, so that fused ones may pass 100):",
        grid(lambda n, w: f"{share(result, n, w, 'matrix')}, {share(result, n, w, 'copy')}"),
    ]
    return "\n\n".join(parts)
