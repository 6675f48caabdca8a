"""Results as a table for a terminal and as tables for the page about speed."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contest import Results, ratio

BEGIN, END = "<!-- tables: made by python -m benchmarks --save -->", "<!-- end of tables -->"

CACHE = ("compilers with what earlier runs had left", "compilers with empty caches")  # cold?


def milliseconds(told: dict[str, Any]) -> str:
    """A step's median, with three digits that count."""
    return digits(1e3 * median(told["seconds"]))


def digits(number: float) -> str:
    """A number with about three digits: 0.0123, 1.23, 12.3, 123."""
    if number >= 100:
        return f"{number:.0f}"
    return f"{number:.3g}" if number >= 0.1 else f"{number:.2g}"


def lines(name: str, words: str, found: Results) -> str:
    """One workload for the terminal, a line for each contender."""
    text = [f"{name}, {words}"]
    for way, told in found.items():
        if "missing" in told:
            text.append(f"  {way:16} left out: {told['missing']}")
            continue
        speed = ratio(found, way)
        spread = sorted(1e3 * s for s in told["seconds"])
        text.append(
            f"  {way:16} {milliseconds(told):>8} ms  ({digits(spread[0])} to {digits(spread[-1])})"
            f"  {f'{speed:.2f}' if speed else '-':>6} x torch   first step {told['first']:7.3f} s"
            f"   import {told['import']:5.2f} s   memory {told['peak']:5.0f} MB,"
            f" {told['peak'] - told['before']:5.0f} for training"
        )
    losses = {way: told["losses"] for way, told in found.items() if "losses" in told}
    first = next(iter(losses.values()), None)
    if first:
        text.append(
            f"  losses agree: {first[0]:.5f} at first, {first[-1]:.5f} after {len(first)} steps"
        )
    return "\n".join(text)


def markdown(result: dict[str, Any]) -> str:
    """The page's tables: speed, milliseconds, first steps, memory; first the machine."""
    works = result["workloads"]
    ways = [way for way in ways_of(result) if any(ran(w["found"], way) for w in works.values())]

    def grid(corner: str, cell: Any) -> str:
        rows = [f"| {corner} | " + " | ".join(works) + " |", "|---" * (len(works) + 1) + "|"]
        for way in ways:
            found = [w["found"] for w in works.values()]
            cells = [cell(f, way) if ran(f, way) else "-" for f in found]
            rows.append(f"| {way} | " + " | ".join(cells) + " |")
        return "\n".join(rows)

    parts = [
        about(result),
        "How many times as fast as PyTorch eager (above 1: faster):",
        grid("", lambda f, way: f"{ratio(f, way):.2f}" if ratio(f, way) else "-"),
        "Milliseconds a step:",
        grid("", lambda f, way: milliseconds(f[way])),
        f"Seconds until the first step was done, {CACHE[result['cold']]}:",
        grid("", lambda f, way: digits(f[way]["first"])),
        "MB of memory that training took at most, above what importing had taken:",
        grid("", lambda f, way: f"{f[way]['peak'] - f[way]['before']:.0f}"),
        "Importing: " + ", ".join(imports(result, ways)) + " (medians, NumPy's import among it).",
    ]
    missing = {
        f"{way}: {told['missing']}"
        for work in works.values()
        for way, told in work["found"].items()
        if "missing" in told
    }
    parts += [f"Left out, {line}." for line in sorted(missing)]
    return "\n\n".join(parts)


def ways_of(result: dict[str, Any]) -> list[str]:
    """All contenders of a result, in their order."""
    return list(dict.fromkeys(way for w in result["workloads"].values() for way in w["found"]))


def ran(found: Results, way: str) -> bool:
    return "seconds" in found.get(way, {})


def imports(result: dict[str, Any], ways: list[str]) -> list[str]:
    """How long each framework's import took."""
    found = []
    for way in ways:
        told = [w["found"][way] for w in result["workloads"].values() if ran(w["found"], way)]
        found.append(f"{way} {median(t['import'] for t in told):.2f} s")
    return found


def about(result: dict[str, Any]) -> str:
    """Where and when, with which versions, how busy."""
    machine = result["machine"]
    versions: dict[str, str] = {}
    kernels = ""
    for work in result["workloads"].values():
        for way, told in work["found"].items():
            if "version" in told:
                versions[way.split()[0]] = told["version"]
            kernels = told.get("blas") or kernels
    named = ", ".join(f"{way} {version}" for way, version in versions.items())
    return (
        f"{machine['date']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}; {result['threads']} threads; Python {machine['python']}, NumPy "
        f"{machine['numpy']} ({kernels}); {named}. Medians of {result['rounds']} rounds. Load of "
        f"the machine from {result['load'][0]} before to {result['load'][1]} after."
    )


def put(tables: str, page: Path, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Writes the tables between the page's markers.

    Raises:
        ValueError: the page has no such markers.
    """
    begin, end = marks
    text = page.read_text(encoding="utf-8")
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"{page} needs one line '{begin}' and, after it, one '{end}'.")
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    page.write_text(f"{before}{begin}\n\n{tables}\n\n{end}{after}", encoding="utf-8")
