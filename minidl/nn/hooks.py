"""Hooks: functions that a module calls before and after `forward`, and when gradients cross it."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any, final

from ..errors import GradientError
from ..tensors import Tensor
from .edits import edits

if TYPE_CHECKING:
    from .module import Module

_numbers = count()


@final
class RemovableHandle:
    """What registering returns: `remove()` takes the hook away, as does leaving a `with`."""

    def __init__(self, hooks: dict[int, Any], hook: Any, prepend: bool = False):
        self._hooks, self.id = hooks, next(_numbers)
        hooks[self.id] = hook
        self._count()
        if prepend:
            for other in [key for key in hooks if key != self.id]:
                hooks[other] = hooks.pop(other)

    def remove(self) -> None:
        """Takes the hook away; a second call does nothing."""
        self._hooks.pop(self.id, None)
        self._count()

    def _count(self) -> None:
        """Hooks of every module come and go with each trace, and are no module's own."""
        if self._hooks is not everywhere.before and self._hooks is not everywhere.after:
            edits.count += 1

    def __enter__(self) -> "RemovableHandle":
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


@final
class Hook:
    """A function and how it wants to be called."""

    __slots__ = ("call", "with_kwargs", "always_call")

    def __init__(self, call: Callable, with_kwargs: bool = False, always_call: bool = False):
        self.call, self.with_kwargs, self.always_call = call, with_kwargs, always_call


@final
class Hooks:
    """All hooks of one module, by occasion. A module without hooks has none of these."""

    def __init__(self):
        self.before: dict[int, Hook] = {}
        self.after: dict[int, Hook] = {}
        self.backward: dict[int, Callable] = {}
        self.saving: dict[int, Callable] = {}
        self.saved: dict[int, Callable] = {}
        self.loading: dict[int, Callable] = {}
        self.loaded: dict[int, Callable] = {}


everywhere = Hooks()  # hooks of every module: the tracer learns from them which module is running
_NONE = Hooks()


def register_module_forward_pre_hook(hook: Callable) -> RemovableHandle:
    """Calls `hook(module, args)` before the forward of every module there is."""
    return RemovableHandle(everywhere.before, Hook(hook))


def register_module_forward_hook(
    hook: Callable, *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Calls `hook(module, args, output)` after the forward of every module there is."""
    return RemovableHandle(everywhere.after, Hook(hook, with_kwargs, always_call))


def call_with_hooks(module: "Module", args: tuple, kwargs: dict[str, Any]) -> Any:
    """Runs `module.forward` between its hooks, any of which may replace what passes by."""
    own = module._hooks or _NONE
    after = (*everywhere.after.values(), *own.after.values())
    try:
        for hook in (*everywhere.before.values(), *own.before.values()):
            args, kwargs = _before(hook, module, args, kwargs)
        crossing = _Crossing(module, own.backward) if own.backward else None
        if crossing:
            args = crossing.watch_inputs(args)
        output = module.forward(*args, **kwargs)
        ran: list[Hook] = []
        for hook in after:
            ran.append(hook)
            output = _after(hook, module, args, kwargs, output)
        return crossing.watch_outputs(output) if crossing else output
    except BaseException:
        for hook in after:
            if hook.always_call:
                _after(hook, module, args, kwargs, None)
        raise


def _before(hook: Hook, module: "Module", args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    if hook.with_kwargs:
        changed = hook.call(module, args, kwargs)
        return (args, kwargs) if changed is None else changed
    changed = hook.call(module, args)
    if changed is None:
        return args, kwargs
    return (changed if isinstance(changed, tuple) else (changed,)), kwargs


def _after(hook: Hook, module: "Module", args: tuple, kwargs: dict, output: Any) -> Any:
    shown = (args, kwargs) if hook.with_kwargs else (args,)
    changed = hook.call(module, *shown, output)
    return output if changed is None else changed


@final
class _Crossing:
    """One forward pass of a module whose gradients somebody wants to see.

    Inputs pass through an alias, so that what arrives at it is the gradient of this use alone.
    The hooks run when the gradients of all inputs that want one have arrived; if no input wants
    one, when those of the outputs have.
    """

    def __init__(self, module: "Module", hooks: dict[int, Callable]):
        self.module, self.hooks = module, hooks
        self.inputs: dict[int, Tensor | None] = {}
        self.outputs: dict[int, Tensor | None] = {}
        self.waiting_in: set[int] = set()
        self.waiting_out: set[int] = set()

    def watch_inputs(self, args: tuple) -> tuple:
        watched = list(args)
        for i, x in _tensors(args):
            self.inputs[i] = None
            if x.requires_grad:
                self.waiting_in.add(i)
                watched[i] = alias = x.view(x.shape)
                alias.register_hook(lambda g, i=i: self._at_input(i, g))
        return tuple(watched)

    def watch_outputs(self, output: Any) -> Any:
        for i, x in _tensors(output if isinstance(output, (tuple, list)) else (output,)):
            self.outputs[i] = None
            if x.requires_grad:
                self.waiting_out.add(i)
                x.register_hook(lambda g, i=i: self._at_output(i, g))
        return output

    def _at_output(self, i: int, g: Tensor) -> None:
        self.outputs[i] = g
        if not self.waiting_in and all(self.outputs[j] is not None for j in self.waiting_out):
            self._fire()

    def _at_input(self, i: int, g: Tensor) -> Tensor | None:
        self.inputs[i] = g
        if any(self.inputs[j] is None for j in self.waiting_in):
            return None
        return self._fire()

    def _fire(self) -> Tensor | None:
        """Calls the hooks with (module, grad_input, grad_output) and starts afresh."""
        grad_input = before = tuple(self.inputs.values())
        for hook in tuple(self.hooks.values()):
            changed = hook(self.module, grad_input, tuple(self.outputs.values()))
            if changed is not None:
                grad_input = changed if isinstance(changed, tuple) else (changed,)
        self.inputs = dict.fromkeys(self.inputs)
        self.outputs = dict.fromkeys(self.outputs)
        if grad_input is before:
            return None
        if len(self.waiting_in) != 1:
            raise GradientError(
                "A backward hook can replace the gradient of a module's input only where exactly "
                f"one input wants a gradient; {type(self.module).__name__} has "
                f"{len(self.waiting_in)}. Use x.register_hook on the inputs themselves."
            )
        return dict(zip(self.inputs, grad_input, strict=True))[next(iter(self.waiting_in))]


def _tensors(values: tuple | list) -> Iterator[tuple[int, Tensor]]:
    return ((i, x) for i, x in enumerate(values) if isinstance(x, Tensor))
