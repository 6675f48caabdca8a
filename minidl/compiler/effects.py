"""What a function did besides returning something: found after a trace, repeated at each call."""

from typing import Any, NamedTuple, final

from ..backend import is_number
from ..errors import CompileError
from ..nn import Module
from ..tensors import Tensor
from .boxes import EMPTY, Box
from .graph import Symbol
from .reach import Reach
from .subjects import SHARED, Subject, Subjects


@final
class Created(Exception):  # noqa: N818  (no fault: a first step is not like the others)
    """An optimiser made its state during the trace, which it will not do at the next call: a state
    that only a gradient can begin."""


@final
class Effect(NamedTuple):
    """One change that the function makes.

    Attributes:
        kind: "write" (numbers of a subject), "grad" (its gradient is set), "flag" (its
            requires_grad), "number" (of an optimiser's dictionaries), "steps" (an optimiser's
            `steps_taken` grows by `value`).
        index: the subject, the number, the optimiser.
        value: a symbol or array, None for a gradient that is forgotten, or a bool or an int.
    """

    kind: str
    index: int
    value: Any


def effects_of(reach: Reach, subjects: Subjects) -> list[Effect]:
    """Everything that changed since the tensors were put on paper.

    Raises:
        CompileError: a change that only Python could repeat.
        Created: the state of an optimiser was made.
    """
    replaced = _in_boxes(reach, subjects)
    found = []
    for i, slot in enumerate(reach.numbers):
        now = slot.box[slot.key]
        symbol = now.array if isinstance(now, Tensor) else now
        if not is_number(symbol) and getattr(symbol, "shape", None) != ():
            raise CompileError(f"{slot.path} was a number and becomes {type(now).__name__}.")
        found.append(Effect("number", i, symbol))
    for i, subject in enumerate(subjects.all):
        _consistent(subject)
        new = replaced.get(id(subject.tensor), subject.tensor).array
        if new is not subject.symbol and subject.twin is None:
            found.append(Effect("write", i, new))
        found += _of_attributes(i, subject)
    for i, optimizer in enumerate(reach.optimizers):
        before = next(b.before for b in reach.boxes if b.holder is optimizer)
        steps = optimizer.steps_taken - before.get("steps_taken", 0)
        if steps:
            found.append(Effect("steps", i, steps))
    return found


def _of_attributes(i: int, subject: Subject) -> list[Effect]:
    """Changes of `grad` and `requires_grad`."""
    tensor, before, found = subject.tensor, subject.before, []
    if tensor.requires_grad != before["requires_grad"]:
        found.append(Effect("flag", i, tensor.requires_grad))
    if tensor.node is not None:
        raise CompileError(
            f"A tensor of shape {tensor.shape} that was there before the call is changed in place "
            "by something with a history; return the result instead."
        )
    if tensor.grad is before["grad"] or tensor.grad is subject.placeholder:
        return found
    if tensor.grad is not None and before["node"] is not None:
        raise CompileError(
            "backward() in a compiled function reaches a tensor that was computed outside of it; "
            "detach() that tensor, or call backward() outside."
        )
    if tensor.grad is not None and tensor.grad.requires_grad:
        raise CompileError("backward(create_graph=True) cannot leave .grad in a compiled function.")
    found.append(Effect("grad", i, None if tensor.grad is None else tensor.grad.array))
    return found


def _consistent(subject: Subject) -> None:
    """Raises where a change in place would have to show in another tensor, too."""
    tensor, twin = subject.tensor, subject.twin
    if tensor.shape != subject.symbol.shape or tensor.dtype != subject.symbol.dtype:
        raise CompileError(
            f"A tensor of shape {subject.symbol.shape} and {subject.symbol.dtype} that was there "
            f"before the call becomes one of {tensor.shape} and {tensor.dtype}."
        )
    if twin is not None and twin.tensor.array is not tensor.array:
        raise CompileError(SHARED)


def _in_boxes(reach: Reach, subjects: Subjects) -> dict[int, Tensor]:
    """Looks at every container; returns, by the old tensor's id, tensors that replace others."""
    numbers = {(id(slot.box), slot.key) for slot in reach.numbers}
    registries = {id(module._buffers) for module in reach.modules}
    known = {id(subject.tensor) for subject in subjects.all}
    replaced, problem, created = {}, None, False
    for box in reach.boxes:
        for key, before, now in box.changes():
            if box.kind == "state" and (id(box.holder), key) in numbers:
                continue
            if box.kind == "state" and before is EMPTY:
                created = created or now != {}
            elif key == "steps_taken" or box.kind == "name" and now is EMPTY:
                continue
            elif _takes_the_place(box, before, now, registries) and id(before) in known:
                replaced[id(before)] = now
            else:
                problem = problem or _refused(box, key, now)
    if problem is not None:
        raise problem
    if created:
        raise Created("an optimiser made its state")
    return replaced


def _takes_the_place(box: Box, before: Any, now: Any, registries: set[int]) -> bool:
    """Whether a tensor was set where one stood, in a module or an optimiser's state."""
    if not (isinstance(before, Tensor) and isinstance(now, Tensor)):
        return False
    if not (isinstance(now.array, Symbol) and before.shape == now.shape):
        return False
    place = box.kind == "state" or isinstance(box.holder, Module) or id(box.holder) in registries
    return place and before.dtype == now.dtype


def _refused(box: Box, key: Any, now: Any) -> CompileError:
    """Why a change of a container cannot be part of a compiled function."""
    if box.kind == "object":
        what = f"the attribute '{key}' of {box.path} is set"
    elif box.kind in ("cell", "name"):
        what = f"the variable {box.path} is assigned"
    elif box.kind == "iterator":
        what = f"{box.path} is moved on"
    elif box.kind == "cache":
        what = f"{box.path} keeps what it computed (functools.cache)"
    elif box.kind == "random":
        what = f"numbers are drawn from {box.path}, which is not minidl's"
    else:
        what = f"{box.path} is changed"
    return CompileError(
        f"In the compiled function {what}. That happens once, at the trace, and not at each call: "
        "return the new value instead."
    )
