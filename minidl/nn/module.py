"""A module: a tree of parameters, buffers and smaller modules around a `forward`."""

from abc import ABC
from collections.abc import Callable, Iterator
from typing import Any, Self

from ..dtypes import is_floating
from ..tensors import Tensor, destination
from . import hooks, state
from .edits import edits
from .hooks import Hook, Hooks, RemovableHandle, everywhere
from .parameter import is_parameter


class Module(ABC):
    """A part of a network; write `__init__` (call `super().__init__()` first) and `forward`.

    Parameters and modules set as attributes are found by name: `self.fc = Linear(3, 4)` makes
    "fc.weight" and "fc.bias" appear in `state_dict()`. They stand as plain attributes, where Python
    finds them fastest; three dictionaries remember which attribute is of which kind.
    """

    training: bool
    _parameters: dict[str, Tensor | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, "Module | None"]
    _non_persistent: set[str]
    _hooks: Hooks | None

    def __init__(self) -> None:
        self.training = True
        self._hooks = None
        self._non_persistent = set()
        self._parameters, self._buffers = {}, {}
        self._modules = {}  # last: where it stands, the module is ready for parts

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; called by `module(...)`, which also runs the hooks."""
        raise NotImplementedError(f"{type(self).__name__} has no forward: define forward(self, x).")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._hooks is None and not everywhere.before and not everywhere.after:
            return self.forward(*args, **kwargs) if kwargs else self.forward(*args)
        return hooks.call_with_hooks(self, args, kwargs)

    # Attributes -------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        registry = self._registry(name, value)
        if self.__dict__.get(name, edits) is not value:
            edits.count += 1
        if registry is not None:
            for other in (self._parameters, self._buffers, self._modules):
                if other is not registry:
                    other.pop(name, None)
            registry[name] = value
        object.__setattr__(self, name, value)

    def _registry(self, name: str, value: Any) -> dict | None:
        """The dictionary that is to remember an attribute; None for an ordinary one."""
        special = is_parameter(value) or isinstance(value, Module)
        if "_modules" not in self.__dict__:
            if special:
                raise AttributeError(
                    f"{type(self).__name__}.__init__ must call super().__init__() before it sets "
                    f"'{name}'."
                )
            return None
        if special:
            return self._modules if isinstance(value, Module) else self._parameters
        if name in self._buffers and (value is None or isinstance(value, Tensor)):
            return self._buffers
        kinds = {"Parameter": self._parameters, "Module": self._modules, "Tensor": self._buffers}
        for kind, registry in kinds.items():
            if name in registry:
                if value is None:
                    return registry
                raise TypeError(
                    f"'{name}' of {type(self).__name__} is a {kind}: set it to another or to None, "
                    f"not to a {type(value).__name__}."
                )
        return None

    def __getattr__(self, name: str) -> Any:
        if "_modules" not in self.__dict__:
            hint = "; its __init__ did not call super().__init__()"
        else:
            hint = state.nearest(name, [*self._parameters, *self._buffers, *self._modules])
        raise AttributeError(f"{type(self).__name__} has no attribute '{name}'{hint}")

    def __delattr__(self, name: str) -> None:
        edits.count += 1
        for registry in (self._parameters, self._buffers, self._modules):
            registry.pop(name, None)
        self._non_persistent.discard(name)
        object.__delattr__(self, name)

    def register_parameter(self, name: str, param: Tensor | None) -> None:
        """Adds a parameter by name; None keeps the name of one left out (`bias=False`)."""
        self._check_name(name, param, is_parameter, "a Parameter", self._parameters)
        if param is not None and not param.is_leaf:
            raise ValueError(f"Parameter '{name}' is computed from others; only a leaf can be one.")
        edits.count += 1
        self._parameters[name] = param
        object.__setattr__(self, name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Adds a tensor that moves with the module but is not trained, like a running mean.

        Args:
            name: its attribute.
            tensor: any shape, or None.
            persistent: whether it is part of `state_dict()`.
        """
        self._check_name(name, tensor, lambda t: isinstance(t, Tensor), "a Tensor", self._buffers)
        edits.count += 1
        self._buffers[name] = tensor
        (self._non_persistent.discard if persistent else self._non_persistent.add)(name)
        object.__setattr__(self, name, tensor)

    def add_module(self, name: str, module: "Module | None") -> None:
        """Adds a submodule by name."""
        self._check_name(name, module, lambda m: isinstance(m, Module), "a Module", self._modules)
        edits.count += 1
        self._modules[name] = module
        object.__setattr__(self, name, module)

    register_module = add_module

    def _check_name(
        self, name: str, value: Any, fits: Callable, expected: str, registry: dict
    ) -> None:
        if not isinstance(name, str) or not name or "." in name:
            raise KeyError(f"A name without dots was expected, got {name!r}.")
        if name not in registry and (name in self.__dict__ or hasattr(type(self), name)):
            raise KeyError(f"{type(self).__name__} already has an attribute '{name}'.")
        if value is not None and not fits(value):
            raise TypeError(f"'{name}' must be {expected} or None, got {type(value).__name__}.")

    # The tree ---------------------------------------------------------------------------------

    def named_modules(
        self, memo: set | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, "Module"]]:
        """This module (named "") and all below it, by dotted name."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, child in self._modules.items():
            if child is not None:
                below = f"{prefix}.{name}" if prefix else name
                yield from child.named_modules(memo, below, remove_duplicate)

    def modules(self) -> Iterator["Module"]:
        """This module and all below it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, "Module"]]:
        """The modules directly below, by name, each once."""
        seen = set()
        for name, child in self._modules.items():
            if child is not None and child not in seen:
                seen.add(child)
                yield name, child

    def children(self) -> Iterator["Module"]:
        """The modules directly below."""
        return (child for _, child in self.named_children())

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """All parameters by dotted name; one that is shared comes once, under its first name."""
        return self._members("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Tensor]:
        """All parameters, as an optimiser wants them."""
        return (value for _, value in self.named_parameters(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """All buffers by dotted name."""
        return self._members("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """All buffers."""
        return (value for _, value in self.named_buffers(recurse=recurse))

    def _members(
        self, registry: str, prefix: str, recurse: bool, once: bool
    ) -> Iterator[tuple[str, Tensor]]:
        seen: set[int] = set()
        modules = self.named_modules(None, prefix, once) if recurse else [(prefix, self)]
        for path, module in modules:
            for name, value in getattr(module, registry).items():
                if value is not None and not (once and id(value) in seen):
                    seen.add(id(value))
                    yield f"{path}.{name}" if path else name, value

    def get_submodule(self, target: str) -> "Module":
        """The module with this dotted name; "" is the module itself."""
        module = self
        for name in target.split(".") if target else ():
            found = module._modules.get(name)
            if found is None:
                raise AttributeError(
                    f"{type(self).__name__} has no submodule '{target}': {type(module).__name__} "
                    f"has no '{name}'{state.nearest(name, module._modules)}."
                )
            module = found
        return module

    def get_parameter(self, target: str) -> Tensor:
        """The parameter with this dotted name."""
        return self._get(target, "_parameters", "parameter")

    def get_buffer(self, target: str) -> Tensor:
        """The buffer with this dotted name."""
        return self._get(target, "_buffers", "buffer")

    def _get(self, target: str, registry: str, kind: str) -> Tensor:
        path, _, name = target.rpartition(".")
        owner = self.get_submodule(path)
        found = getattr(owner, registry).get(name)
        if found is None:
            hint = state.nearest(name, getattr(owner, registry))
            raise AttributeError(f"{type(owner).__name__} has no {kind} '{name}'{hint}.")
        return found

    def apply(self, fn: Callable[["Module"], Any]) -> Self:
        """Calls `fn` on every module of the tree, children first; used to initialise weights."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    # Modes, gradients, places -------------------------------------------------------------------

    def train(self, mode: bool = True) -> Self:
        """Says whether the network is learning: dropout and batch norm behave by it."""
        if not isinstance(mode, bool):
            raise ValueError(f"train(mode) expects True or False, got {mode!r}.")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """The opposite of `train()`: the network is used, not trained."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freezes (False) or frees (True) every parameter."""
        edits.count += 1
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forgets the gradients of all parameters."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad = parameter.grad.detach().zero_()

    def to(self, *args: Any, device: Any = None, dtype: Any = None) -> Self:
        """Moves all parameters and buffers to a device, and the floating ones to a dtype.

        Called as `to("cuda")`, `to(minidl.float64)`, `to("cuda", minidl.float16)`, `to(tensor)`.
        """
        place, kind, waits_not, _ = destination(args, device=device, dtype=dtype)
        if kind is not None and not is_floating(kind):
            raise TypeError(f"Module.to expects a floating dtype, got {kind}.")

        def move(t: Tensor) -> Tensor:
            t = t if place is None else t.to(place, non_blocking=waits_not)
            return t if kind is None or not is_floating(t.dtype) else t.to(kind)

        return self._apply(move)

    def cpu(self) -> Self:
        """Moves everything to the processor's memory."""
        return self.to("cpu")

    def cuda(self, device: Any = None) -> Self:
        """Moves everything to a graphics card: the one with a number, or the current one."""
        return self.to("cuda" if device is None else device)

    def float(self) -> Self:
        """Turns floating parameters and buffers to float32."""
        return self.to("float32")

    def double(self) -> Self:
        """Turns floating parameters and buffers to float64."""
        return self.to("float64")

    def half(self) -> Self:
        """Turns floating parameters and buffers to float16."""
        return self.to("float16")

    def _apply(self, move: Callable[[Tensor], Tensor]) -> Self:
        """Replaces the numbers in every parameter, its gradient and every buffer."""
        edits.count += 1
        for parameter in self.parameters():
            parameter.data = move(parameter.data)
            if parameter.grad is not None:
                parameter.grad = move(parameter.grad.detach())
        for module in self.modules():
            for name, buffer in module._buffers.items():
                if buffer is not None:
                    setattr(module, name, move(buffer))
        return self

    # State --------------------------------------------------------------------------------------

    def state_dict(
        self, *, destination: dict | None = None, prefix: str = "", keep_vars: bool = False
    ) -> dict[str, Any]:
        """Parameters and persistent buffers by dotted name, sharing memory with the module.

        Args:
            destination: a dictionary to write into.
            prefix: put before every key.
            keep_vars: give the parameters themselves, not detached tensors.
        """
        return state.collect(self, {} if destination is None else destination, prefix, keep_vars)

    def load_state_dict(
        self, state_dict: dict[str, Any], strict: bool = True
    ) -> state.IncompatibleKeys:
        """Copies the numbers of a state into this module, all of them or none.

        Args:
            state_dict: as `state_dict()` gives; PyTorch's keys for the same layers.
            strict: whether every key must be there, and no other.

        Returns:
            IncompatibleKeys: (missing_keys, unexpected_keys).

        Raises:
            RuntimeError: names each missing or unknown key and each shape that differs.
        """
        return state.restore(self, state_dict, strict)

    # Hooks --------------------------------------------------------------------------------------

    def register_forward_pre_hook(
        self, hook: Callable, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Calls `hook(module, args)` before forward; what it returns replaces the arguments."""
        return RemovableHandle(self._own_hooks().before, Hook(hook, with_kwargs), prepend)

    def register_forward_hook(
        self,
        hook: Callable,
        *,
        prepend: bool = False,
        with_kwargs: bool = False,
        always_call: bool = False,
    ) -> RemovableHandle:
        """Calls `hook(module, args, output)` after forward; what it returns replaces the output."""
        made = Hook(hook, with_kwargs, always_call)
        return RemovableHandle(self._own_hooks().after, made, prepend)

    def register_full_backward_hook(self, hook: Callable, prepend: bool = False) -> RemovableHandle:
        """Calls `hook(module, grad_input, grad_output)` in backward, both tuples of tensors.

        What it returns replaces `grad_input` (where one input wants a gradient).
        """
        return RemovableHandle(self._own_hooks().backward, hook, prepend)

    def register_state_dict_pre_hook(self, hook: Callable) -> RemovableHandle:
        """Calls `hook(module, prefix, keep_vars)` before the state is collected."""
        return RemovableHandle(self._own_hooks().saving, hook)

    def register_state_dict_post_hook(self, hook: Callable) -> RemovableHandle:
        """Calls `hook(module, state_dict, prefix, {})` after; it may change the state in place."""
        return RemovableHandle(self._own_hooks().saved, hook)

    def register_load_state_dict_pre_hook(self, hook: Callable) -> RemovableHandle:
        """Calls `hook(module, state, prefix, {}, strict, missing, unexpected, errors)` first."""
        return RemovableHandle(self._own_hooks().loading, hook)

    def register_load_state_dict_post_hook(self, hook: Callable) -> RemovableHandle:
        """Calls `hook(module, incompatible_keys)` when a state was loaded."""
        return RemovableHandle(self._own_hooks().loaded, hook)

    def _own_hooks(self) -> Hooks:
        if self._hooks is None:
            self._hooks = Hooks()
        return self._hooks

    # Printing -------------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What stands between the brackets when the module is printed."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr().splitlines()
        children = [
            f"({name}): " + repr(child).replace("\n", "\n  ")
            for name, child in self._modules.items()
        ]
        if len(extra) <= 1 and not children:
            return f"{type(self).__name__}({''.join(extra)})"
        return "\n  ".join([f"{type(self).__name__}(", *extra, *children]) + "\n)"
