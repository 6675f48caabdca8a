"""Where every result stands: one piece of memory, in which places are used again.

A result needs its place from the step that writes it to the last that reads it; then others may
have it. An element-wise step may write over what it reads for the last time, place by place. A
result that replaces an input is written over it at once, where nobody reads the old numbers later.
"""

from collections.abc import Sequence

from ..arena import Arena
from .steps import Lowering, Step, Value


def place(lowering: Lowering, targets: Sequence[int | None], direct: bool) -> tuple[int, list[int]]:
    """Gives every result its place.

    Args:
        targets: per output, the input that it overwrites, or None.
        direct: whether outputs may be written before all inputs were read, see `Plan`.

    Returns:
        The bytes of the memory, and the outputs that are to be copied at the end.
    """
    steps = lowering.steps
    for number, step in enumerate(steps):
        for x in step.read():
            x.root.last = number
    copied = _settle(lowering, targets, direct)
    dying: list[list[Value]] = [[] for _ in steps]
    for number, step in enumerate(steps):
        end = max(step.output.last, number)
        if end < len(steps):
            dying[end].append(step.output)
    arena = Arena()
    for number, step in enumerate(steps):
        z, inherited = step.output, None
        if z.kind == "result":
            inherited = _heir(step, number)
            z.position = arena.take(z.bytes) if inherited is None else inherited.position
        for x in dying[number]:
            if x.kind == "result" and x is not inherited:
                arena.give(x.position, x.bytes)
    return arena.size, copied


def _settle(lowering: Lowering, targets: Sequence[int | None], direct: bool) -> list[int]:
    """Decides which outputs are written where they belong at once; the others' numbers."""
    makers = {id(step.output): number for number, step in enumerate(lowering.steps)}
    forever, copied = len(lowering.steps), []
    taken: set[int] = set()
    for i, z in enumerate(lowering.outputs):
        if id(z) in makers and id(z) not in taken:
            taken.add(id(z))
        else:
            copied.append(i)
            if type(z) is Value:
                z.root.last = forever
    for i, (z, target) in enumerate(zip(lowering.outputs, targets, strict=True)):
        if i in copied:
            continue
        number, old = makers[id(z)], None if target is None else lowering.inputs[target]
        if old is not None and not (direct and _may_overwrite(lowering.steps[number], number, old)):
            copied.append(i)
            z.last = forever
        else:
            z.kind, z.position = "output", i
    return sorted(copied)


def _may_overwrite(step: Step, number: int, old: Value) -> bool:
    """Whether nobody reads an input after the step that writes over it."""
    return old.last < number or old.last == number and step.ufunc and _only_itself(step, old)


def _only_itself(step: Step, root: Value) -> bool:
    """Whether a step reads a root's numbers in its own shape and order alone."""
    return all(
        x.flat and x.shape == step.output.shape and x.dtype == step.output.dtype
        for x in step.read()
        if x.root is root
    )


def _heir(step: Step, number: int) -> Value | None:
    """A result that is read here for the last time, and that this step may write over."""
    for x in step.read() if step.ufunc else ():
        root = x.root
        if root.kind == "result" and root.last == number and root.bytes == step.output.bytes:
            if _only_itself(step, root):
                return root
    return None
