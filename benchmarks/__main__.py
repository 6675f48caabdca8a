"""Seven workloads by minidl, PyTorch and other peers: the same weights, batches and losses.

    python -m benchmarks
    python -m benchmarks --workloads W1s W4 --peers torch jax tinygrad --rounds 15
    python -m benchmarks --save

Each contender runs in a process of its own. For one workload after another they start, their losses
are compared, and they step in turn, A B B A; medians count. `--save` keeps the result in
benchmarks/results/ and puts its tables into docs/speed.md, which says more.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.contest import contest
from benchmarks.machine import facts, load
from benchmarks.peers import CONTENDERS
from benchmarks.report import lines, markdown, put
from benchmarks.workloads import WORKLOADS

ROOT = Path(__file__).parents[1]
RESULTS, PAGE = ROOT / "benchmarks" / "results", ROOT / "docs" / "speed.md"


def words(text: str) -> list[str]:
    """Names with commas between them."""
    return [word for word in text.split(",") if word]


def asked(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command's options."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=(__doc__ or "")[:88])
    add = parser.add_argument
    add("--workloads", nargs="+", type=words, default=[list(WORKLOADS)], help=" ".join(WORKLOADS))
    peers = [peer for peer in CONTENDERS if peer != "minidl"]
    add("--peers", nargs="*", type=words, default=[["torch"]], help=" ".join(peers) + " (torch)")
    add("--skip", nargs="*", default=[], help='contenders to leave out: "torch.compile"')
    add("--threads", type=int, default=2, help="for each contender (2)")
    add("--rounds", type=int, default=9, help="turns of each contender (9)")
    add("--python", default=sys.executable, help="the interpreter that has jax and the like")
    add("--cold", action="store_true", help="compilers find nothing from earlier runs")
    add("--json", type=Path, help="a file for the result")
    add("--picture", type=Path, help="a file for the picture: .svg or .png")
    add("--save", action="store_true", help="keep the result, and show it in docs/speed.md")
    found = parser.parse_args(arguments)
    found.workloads, found.peers = sum(found.workloads, []), sum(found.peers, [])
    for name, known in ((found.workloads, list(WORKLOADS)), (found.peers, peers)):
        for unknown in set(name) - set(known):
            parser.error(f"'{unknown}' is none of {', '.join(known)}")
    return found


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """The result, told line by line while it comes."""
    ways = [way for peer in ("minidl", *options.peers) for way in CONTENDERS[peer]]
    ways = [way for way in ways if way not in options.skip]
    result: dict[str, Any] = {"machine": facts(), "threads": options.threads}
    result |= {"rounds": options.rounds, "cold": options.cold, "load": [load()], "workloads": {}}
    for name in options.workloads:
        work = WORKLOADS[name]
        found = contest(work, ways, options.rounds, options.threads, options.python, options.cold)
        result["workloads"][name] = {"words": work.words, "found": found}
        print(lines(name, work.words, found), flush=True)
    result["load"].append(load())
    return result


def main() -> None:
    """Measures, prints, and keeps what it was asked to keep."""
    options = asked()
    result = measured(options)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    if options.picture:
        from benchmarks.picture import draw

        draw(result, options.picture)
    if options.save:
        save(result)


def save(result: dict[str, Any]) -> None:
    """Writes the three files that are committed."""
    from benchmarks.picture import draw

    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "cpu.json").write_text(json.dumps(result, indent=1) + "\n")
    draw(result, RESULTS / "cpu.svg")
    shown = "![Bars: times PyTorch eager's speed](../benchmarks/results/cpu.svg)"
    put(f"{shown}\n\n{markdown(result)}", PAGE)
    print(f"kept in {RESULTS.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
