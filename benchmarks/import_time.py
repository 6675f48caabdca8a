"""What `import minidl` costs beyond NumPy, in fresh interpreters (-m benchmarks.import_time)."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys

UNWANTED = ("matplotlib", "IPython", "sklearn", "torch", "cupy", "anywidget", "tqdm", "safetensors")
CLOCK = """
import sys, time
import numpy
start = time.perf_counter()
import {module}
print(time.perf_counter() - start, *(name for name in {unwanted} if name in sys.modules))
"""


def measure(module: str) -> tuple[float, list[str]]:
    """Seconds that importing a module takes after NumPy, and what it pulled in of `UNWANTED`."""
    code = CLOCK.format(module=module, unwanted=UNWANTED)
    command = [sys.executable, "-c", code]
    seconds, *pulled = subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.split()
    return float(seconds), pulled


def main() -> None:
    """Print a row for the face and for each room."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=7)
    repeat = options.parse_args().repeat
    print(f"{'import':<20}{'median ms':>10}{'least':>8}{'most':>8}  pulled in")
    for module in ("minidl", "minidl.nn", "minidl.optim", "minidl.data", "minidl.training"):
        runs = [measure(module) for _ in range(repeat)]
        times = sorted(1000 * seconds for seconds, _ in runs)
        middle = statistics.median(times)
        pulled = " ".join(runs[0][1]) or "-"
        print(f"{module:<20}{middle:>10.1f}{times[0]:>8.1f}{times[-1]:>8.1f}  {pulled}")


if __name__ == "__main__":
    main()
