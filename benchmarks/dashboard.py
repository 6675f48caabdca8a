"""What the dashboard costs: a run driven in slices against the same run by `run()`, in one kernel.

    python -m benchmarks.dashboard              # the kernel alone: this plays the page
    python -m benchmarks.dashboard --browser    # JupyterLab in Chromium, from the click on Start

The kernel alone: two ticks in flight, every answer read, nothing drawn. In the browser: until the
panel says "Finished", so the drawing is in it, which takes the kernel's time where cores are few.
Both runs of a pair follow each other, so that a busy machine slows both, and BLAS has one thread,
so that it waits for nobody. The median of the pairs' ratios counts.

The time on the clock means something on a machine that has nothing else to do, so the load is
printed beside it. The processor time depends little on that: the kernel's is what the run pays
where the browser has a core of its own.
"""

from __future__ import annotations

import argparse
import os
from ast import literal_eval
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any, final

from jupyter_client.manager import start_new_kernel

from .costs import Pairs, alternate, costs, load, report

ROOT = Path(__file__).resolve().parents[1]
PAIRS = 9
IN_FLIGHT = 2

SETUP = f"""
import sys
sys.path[:0] = {[str(ROOT), str(ROOT / "widgets")]}
from time import perf_counter
from benchmarks.digits import trainer_of
from minidl_widgets import Dashboard

def seconds_of_run(epochs):
    trainer = trainer_of(0, epochs)
    begun = perf_counter()
    trainer.run()
    return perf_counter() - begun
"""
EPOCHS = 45  # of 23 steps: about a thousand
PLAIN = f"seconds_of_run({EPOCHS})"
BOARD = f"board = Dashboard(trainer_of(0, {EPOCHS}))"
VIEW = "benchmark"
PAUSES = 10
PYTHON = """
def steps():
    while True:
        yield {"loss": sum(i * 0.5 for i in range(100_000)) ** 0.5}
"""


@final
class Kernel:
    """A kernel, and the widget's line to it."""

    def __init__(self) -> None:
        self.manager, self.client = start_new_kernel()
        self.do(SETUP)

    def do(self, code: str, value: str = "None") -> Any:
        """Run code; the value of an expression after it."""
        asked = {"user_expressions": {"value": value}, "output_hook": lambda message: None}
        reply = self.client.execute_interactive(code, timeout=120, **asked)["content"]
        if reply["status"] != "ok":
            raise RuntimeError("\n".join(reply["traceback"]))
        return literal_eval(reply["user_expressions"]["value"]["data"]["text/plain"])

    def send(self, comm: str, **content: Any) -> None:
        data = {"method": "custom", "content": {**content, "view": VIEW}}
        message = self.client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        self.client.shell_channel.send(message)

    def news(self, comm: str) -> dict[str, Any]:
        """The next thing that the widget says."""
        while True:
            content = self.client.get_iopub_msg(timeout=60)["content"]
            if content.get("comm_id") == comm and content["data"].get("method") == "custom":
                return content["data"]["content"]


def driven(kernel: Kernel) -> float:
    """Seconds of a whole run driven as the page drives it."""
    comm = kernel.do(BOARD, "board.comm.comm_id")
    kernel.send(comm, type="hello")
    kernel.news(comm)
    begun = perf_counter()
    start(kernel, comm)
    while (news := kernel.news(comm))["status"]["state"] == "running":
        if news.get("tick") == VIEW:
            kernel.send(comm, type="tick")
    seconds = perf_counter() - begun
    kernel.do("")  # what was still on its way is answered
    return seconds


def start(kernel: Kernel, comm: str) -> None:
    """Take the wheel, and ask for the first ticks."""
    kernel.send(comm, type="start")
    while kernel.news(comm)["status"]["driver"] != VIEW:
        pass
    for _ in range(IN_FLIGHT):
        kernel.send(comm, type="tick")


def pauses(kernel: Kernel, made: str) -> list[float]:
    """Seconds from asking for a pause to the kernel's word on it, while a long run is under way."""
    comm, found = kernel.do(made, "board.comm.comm_id"), []
    for _ in range(PAUSES):
        start(kernel, comm)
        kernel.news(comm)
        sleep(0.01 * len(found))  # at another moment of the slice each time
        begun = perf_counter()
        kernel.send(comm, type="pause")
        while kernel.news(comm)["status"]["state"] != "paused":
            pass
        found.append(perf_counter() - begun)
    return found


def measure_kernel(pairs: int) -> Pairs:
    """The kernel alone; prints how long pausing takes as well."""
    kernel = Kernel()
    try:
        pid = kernel.do("import os", "os.getpid()")
        plain = lambda: costs(lambda: kernel.do("", PLAIN), pid)
        found = alternate(pairs, plain, lambda: costs(lambda: driven(kernel), pid))
        tensors = pauses(kernel, "board = Dashboard(trainer_of(0, 10000))")
        python = pauses(kernel, f"{PYTHON}board = Dashboard(steps())")
    finally:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)
    for what, seconds in (("a Trainer", tensors), ("a loop in pure Python", python)):
        worst, middle = 1000 * max(seconds), 1000 * median(seconds)
        print(f"pausing {what}: {middle:.0f} ms, at worst {worst:.0f} of {PAUSES} (200 promised)")
    return found


# Clicks, and says after how many seconds the panel said that the run is finished.
CLICK = """button => new Promise(done => {
  const status = button.closest('.mdl-dashboard').querySelector('[role=status]');
  const began = performance.now();
  const watch = new MutationObserver(() => status.textContent.startsWith('Finished')
    && (watch.disconnect(), done((performance.now() - began) / 1000)));
  watch.observe(status, { childList: true, characterData: true, subtree: true });
  button.click();
})"""


def measure_browser(pairs: int) -> Pairs:
    """JupyterLab in Chromium, as the browser tests drive it."""
    from playwright.sync_api import sync_playwright

    from tests.browser.chromium import FLAGS, find_chromium
    from tests.browser.lab import Lab
    from tests.browser.server import LabServer

    with TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        server = LabServer(Path(home))
        try:
            lab = Lab(browser.new_page(viewport={"width": 1280, "height": 900}), server)
            cells = [f"{SETUP}\nimport os\nos.getpid()", PLAIN, f"{BOARD}\nboard"]
            pid = int(lab.open(lab.write("cost.ipynb", cells)).run(0).text(0))
            plain = lambda: costs(lambda: float(lab.run(1).text(1)), pid)
            return alternate(pairs, plain, lambda: costs(clicker(lab), pid))
        finally:
            browser.close()
            server.stop()


def clicker(lab: Any) -> Callable[[], float]:
    """A new panel; called, it gives the seconds from the click on Start to the end of the run."""
    panel = lab.run(2).cell(2).locator(".mdl-dashboard")
    panel.scroll_into_view_if_needed()
    start = panel.get_by_role("button", name="Start", exact=True)
    start.wait_for()
    return lambda: start.evaluate(CLICK)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--browser", action="store_true", help="through JupyterLab in Chromium")
    options.add_argument("--pairs", type=int, default=PAIRS, help=f"of runs (default: {PAIRS})")
    chosen = options.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for the kernels
    before = load()
    pairs = (measure_browser if chosen.browser else measure_kernel)(chosen.pairs)
    report(pairs)
    print("at most 15 % is promised")
    print(f"load of {os.cpu_count()} cores: {before} before, {load()} after")


if __name__ == "__main__":
    main()
