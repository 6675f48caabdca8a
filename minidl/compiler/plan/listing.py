"""The plan as text: a line per step, with the line of the user's code that asked for it."""

from functools import partial
from typing import Any

from .steps import Lowering, Step, Value


def listing(lowering: Lowering, size: int, copied: list[int]) -> str:
    """All steps. x0, x1 are inputs, z0, z1 outputs, m0, m640 results by their place in memory."""
    lines = [f"memory: {size:,} bytes"]
    lines += [_line(step) for step in lowering.steps]
    lines += [f"z{i} = {_name(lowering.outputs[i])}  (copied)" for i in copied]
    return "\n".join(lines)


def _line(step: Step) -> str:
    operands = [_name(x) for x in step.inputs]
    options = dict(step.options)
    if step.rule and step.call is not None:
        options |= step.call.params
    operands += [f"{key}={value}" for key, value in options.items()]
    where = step.call.where if step.call is not None else ""
    return f"{_name(step.output)} = {_function(step)}({', '.join(operands)})  # {where}"


def _function(step: Step) -> str:
    """What a step is called: a ufunc's name, or the primitive's where its rule runs as it is."""
    if step.rule and step.call is not None:
        return step.call.primitive.name
    owner = getattr(step.function, "__self__", None)
    name = getattr(step.function, "__name__", "")
    return f"{owner.__name__}.{name}" if owner is not None else name.strip("_")


def _name(x: Any) -> str:
    if type(x) is not Value:
        return f"constant{list(x.shape)}" if getattr(x, "shape", ()) else str(x)
    sizes = ",".join(map(str, x.shape))
    if x.source is not None:
        return f"{_name(x.source)}.{_movement(x)}[{sizes}]"
    letter = {"input": "x", "output": "z", "result": "m", "constant": "c"}[x.kind]
    return f"{letter}{x.position if x.kind != 'constant' else ''}[{sizes}]"


def _movement(x: Value) -> str:
    """How a view is seen: the name of its primitive."""
    assert isinstance(x.show, partial)
    return x.show.args[0].__name__.strip("_")
