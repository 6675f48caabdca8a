"""What the dashboard costs: a run driven in slices against the same run by `run()`, in one kernel.

    python -m benchmarks.dashboard

Starts a real Jupyter kernel and plays the page: two ticks in flight, every answer read. The runs
alternate, so that a busy machine slows both, and BLAS has one thread, so that it waits for nobody;
the fastest of each is compared. The browser's own drawing is not in it: that runs beside the
kernel, on another core where there is one.
"""

from __future__ import annotations

import os
from ast import literal_eval
from time import perf_counter, sleep
from typing import Any, final

from jupyter_client.manager import start_new_kernel

ROUNDS = 4
IN_FLIGHT = 2

SETUP = """
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
        self.manager, self.client = start_new_kernel(
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        )
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


def driven(kernel: Kernel) -> tuple[float, int]:
    """Seconds of a whole run driven as the page drives it, and how many ticks it took."""
    made = f"board = Dashboard(trainer_of(0, {EPOCHS}))"
    comm = kernel.do(made, "board.comm.comm_id")
    kernel.send(comm, type="hello")
    kernel.news(comm)
    begun, ticks = perf_counter(), 0
    start(kernel, comm)
    while (news := kernel.news(comm))["status"]["state"] == "running":
        if news.get("tick") == VIEW:
            kernel.send(comm, type="tick")
            ticks += 1
    seconds = perf_counter() - begun
    kernel.do("")  # what was still on its way is answered
    return seconds, ticks


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


def measure() -> tuple[float, float, int, list[float], list[float]]:
    """Seconds of `run()`, seconds and ticks under the dashboard: the fastest; and the pauses."""
    kernel = Kernel()
    try:
        plain, shown = [], []
        for _ in range(ROUNDS):
            plain.append(kernel.do("", f"seconds_of_run({EPOCHS})"))
            shown.append(driven(kernel))
        tensors = pauses(kernel, "board = Dashboard(trainer_of(0, 10000))")
        python = pauses(kernel, f"{PYTHON}board = Dashboard(steps())")
    finally:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)
    return min(plain), *min(shown), tensors, python


def main() -> None:
    plain, shown, ticks, tensors, python = measure()
    print(f"run()      {plain:6.3f} s")
    print(f"dashboard  {shown:6.3f} s in {ticks} ticks")
    print(f"the dashboard costs {100 * (shown / plain - 1):.1f} % (at most 15 % is promised)")
    for what, found in (("a Trainer", tensors), ("a loop in pure Python", python)):
        print(f"pausing {what}: {1000 * max(found):.0f} ms at worst of {PAUSES} (200 promised)")


if __name__ == "__main__":
    main()
