"""The ways to run a task: minidl eager and compiled, PyTorch eager, as a CUDA graph, compiled.

Each knows its framework and how to ask the card about memory in it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.graphics.tasks import Task
from benchmarks.graphics.training import Step, build

WAYS = ("minidl", "minidl compiled", "torch", "torch graph", "torch.compile")


def framework(way: str) -> Any:
    """minidl or torch."""
    m = import_module(way.partition(" ")[0].partition(".")[0])
    import_module(f"{m.__name__}.optim")
    return m


def ready(way: str, task: Task, device: str) -> tuple[Step, list[tuple[Any, Any]]]:
    """The step, and the batches that it takes in turn."""
    m = framework(way)
    _allow_tf32(m, task.precision != "float32")
    if way == "minidl compiled":
        step, pairs = build(m, task, device)
        return m.compile(step), pairs
    if way == "torch.compile":
        m._dynamo.reset()
        return build(m, task, device, around=m.compile)
    if way == "torch graph":
        options: dict[str, Any] = {"capturable": True} if task.work.optimizer[0] != "SGD" else {}
        step, pairs = build(m, task, device, **options)
        return _graphed(m, step), pairs
    return build(m, task, device)


def _allow_tf32(m: Any, allowed: bool) -> None:
    if hasattr(m, "backends"):
        m.backends.cuda.matmul.allow_tf32 = allowed
        m.backends.cudnn.allow_tf32 = allowed


def _graphed(torch: Any, step: Step) -> Step:
    """A step that is recorded at its fourth call and then replayed.

    Source: PyTorch documentation, "CUDA semantics", section CUDA Graphs.
    """
    done, graph, side = 0, torch.cuda.CUDAGraph(), torch.cuda.Stream()
    places: list[Any] = []

    def call(x: Any, y: Any) -> Any:
        nonlocal done
        done += 1
        if done < 4:
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                loss = step(x, y).detach()
            torch.cuda.current_stream().wait_stream(side)
            return loss
        if done == 4:
            places[:] = [x.clone(), y.clone()]
            with torch.cuda.graph(graph):
                places.append(step(*places).detach())
        places[0].copy_(x)
        places[1].copy_(y)
        graph.replay()
        return places[2]

    return call


def synchronizer(m: Any, device: str) -> Callable[[], Any]:
    """Waits until the card is done."""
    return m.cuda.synchronize if device != "cpu" else lambda: None


def released(m: Any, device: str) -> float:
    """Gives memory that is kept for later back to the card; MB that are taken of it."""
    if device == "cpu":
        return 0.0
    m.cuda.empty_cache()
    return taken(m, device)


def taken(m: Any, device: str) -> float:
    """MB of the card's memory that are taken."""
    if device == "cpu":
        return 0.0
    free, total = m.cuda.mem_get_info()
    return (total - free) / 2**20
