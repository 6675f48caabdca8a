"""minidl and PyTorch on one graphics card: the same models, weights, batches and first losses.

    python -m benchmarks.gpu
    python -m benchmarks.gpu --workloads W1s W4 GPT-124M --ways minidl torch --seconds 1
    python -m benchmarks.gpu --save

Each way (minidl eager and compiled, PyTorch eager, as a CUDA graph, compiled) has a process of its
own, which runs all tasks; one after the other they have the card for themselves. `--save` enters
what was measured into benchmarks/results/gpu.json, and puts the table into docs/speed.md, so that
a run may be cut into parts, also on another machine: `--json` there, `--read` here. Without a card
it says so and ends.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
from functools import reduce
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.graphics.tables import disagreements, lines, markdown, merged
from benchmarks.graphics.tasks import TASKS
from benchmarks.graphics.ways import WAYS
from benchmarks.machine import facts
from benchmarks.report import put

ROOT = Path(__file__).parents[1]
RESULT, PAGE = ROOT / "benchmarks" / "results" / "gpu.json", ROOT / "docs" / "speed.md"
MARKS = "<!-- tables: made by python -m benchmarks.gpu --save -->", "<!-- end of gpu tables -->"


def asked(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command's options."""
    parser = argparse.ArgumentParser("python -m benchmarks.gpu", description=(__doc__ or "")[:91])
    add = parser.add_argument
    add("--workloads", nargs="+", choices=TASKS, default=list(TASKS), metavar="NAME",
        help=", ".join(TASKS))  # fmt: skip
    add("--ways", nargs="+", choices=WAYS, default=list(WAYS), metavar="WAY", help=", ".join(WAYS))
    add("--seconds", type=float, default=1.0, help="measured of each way and workload (1)")
    add("--limit", type=float, default=600.0, help="seconds for one way; the rest is left out")
    add("--device", default="cuda", help="cuda, or cpu to try the command itself")
    add("--small", action="store_true", help="the sizes of a quick test")
    add("--no-ceilings", action="store_true", help="do not measure what the card can do at most")
    add("--json", type=Path, help="a file for the result")
    add("--read", nargs="+", type=Path, help="results to show or keep, instead of measuring")
    add("--save", action="store_true", help="keep the result, and show it in docs/speed.md")
    return parser.parse_args(arguments)


def answers(way: str, options: argparse.Namespace, names: list[str]) -> list[dict[str, Any]]:
    """What a way's process tells, task by task; of those it did not come to, why."""
    told: list[dict[str, Any]] = []
    words = [way, options.device, str(options.seconds), str(int(options.small)), *names]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.graphics.worker", *words],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
        cwd=ROOT,
    )
    clock = threading.Timer(options.limit, process.kill)
    clock.start()
    begun = perf_counter()
    with process:
        for line in process.stdout or ():
            told.append(json.loads(line))
            print(f"  {way}: {told[-1]['task']} after {perf_counter() - begun:.1f} s", flush=True)
    clock.cancel()
    why = "took too long" if perf_counter() - begun >= options.limit else "its process ended"
    return told + [{"task": name, "missing": why} for name in names[len(told) :]]


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """The result: what the card can do, and each task's ways."""
    result: dict[str, Any] = {"machine": facts(), "ceilings": {}, "tasks": {}}
    for way in options.ways:
        first = way in ("torch", "minidl") and not options.no_ceilings
        for told in answers(way, options, ["ceilings"] * first + options.workloads):
            name = told.pop("task")
            if name == "ceilings":
                result["ceilings"][way] = told
            else:
                result["tasks"].setdefault(name, {})[way] = told | {"date": facts()["date"]}
    devices = [told.get("device") for told in result["ceilings"].values()]
    result["device"] = next((device for device in devices if device), options.device)
    return result


def missing(device: str) -> str | None:
    """Why nothing can be measured."""
    from minidl import cuda

    if device == "cpu" or cuda.is_available():
        return None
    return "There is no CUDA device that CuPy can use: `minidl doctor` says what is missing."


def main() -> None:
    """Measures, prints, and keeps what it was asked to keep."""
    options = asked()
    if options.read:
        result = reduce(merged, (json.loads(file.read_text()) for file in options.read))
    else:
        why = missing(options.device)
        if why:
            sys.exit(why)
        result = measured(options)
    print(lines(result))
    for fault in disagreements(result):
        print(f"Losses: {fault}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    if options.save:
        before = json.loads(RESULT.read_text()) if RESULT.exists() else {}
        kept = merged(before, result)
        RESULT.write_text(json.dumps(kept, indent=1) + "\n")
        put(markdown(kept), PAGE, MARKS)


if __name__ == "__main__":
    main()
