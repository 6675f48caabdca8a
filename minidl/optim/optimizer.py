"""What all optimisers share: groups of parameters with options, and a state per parameter."""

from abc import ABC
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from types import FunctionType
from typing import Any

from ..creation import as_tensor
from ..dtypes import is_floating
from ..tape import enable_grad, is_watched, no_grad, unobserved
from ..tensors import Tensor
from .flat import packing

COUNTS = ("step", "mu_product")  # what PyTorch remembers in tensors without dimensions, as numbers

_PACKAGE = __name__.partition(".")[0] + "."
_ROOM = __name__.rpartition(".")[0] + "."

Step = Callable[[Any, dict[str, Any]], list[Tensor]]
_AT_ONCE: dict[tuple[type, str], Step] = {}


def at_once(kind: type, device_type: str) -> Callable[[Step], Step]:
    """A decorator for how a kind of optimiser changes all parameters at once on a device.

    It is called with the optimiser and a group, and returns the parameters that it left alone.
    """
    return lambda step: _AT_ONCE.setdefault((kind, device_type), step)


class Optimizer(ABC):  # noqa: B024  (either of two methods is to be written)
    """Changes parameters by their gradients; a kind of optimiser writes `update` only.

    One that looks at all parameters at once writes `step` instead.

    Attributes:
        param_groups: dictionaries with "params" (a list of tensors) and the options for them.
        state: per parameter, what the optimiser remembers of it (momentum, averages).
        defaults: the options of groups that do not say otherwise.
        elementwise: whether `update` treats every number by itself, so that one call can serve
            many parameters laid end to end; a kind of optimiser says so (see `flat.py`).
    """

    elementwise = False

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]):
        if isinstance(params, Tensor):
            raise TypeError("An optimiser takes several parameters: model.parameters() or [p].")
        self.defaults = defaults
        self.state: dict[Tensor, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        self.steps_taken = 0  # schedules look at it, to warn where they run first
        groups = list(params)
        if not groups:
            raise ValueError("The optimiser got an empty list of parameters.")
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        """Changes one parameter in place; `state` is its own and begins empty."""
        raise NotImplementedError(f"{type(self).__name__} must define update or step.")

    def begin(self, parameter: Tensor) -> dict[str, Any]:
        """What is remembered of a parameter before its first step, as that step would make it; {}
        where only a gradient can begin it. A compiled step asks, since it makes nothing."""
        return {}

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Changes every parameter that has a gradient.

        Args:
            closure: called first, with gradients on, to compute the loss anew.

        Returns:
            What the closure returned, or None.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad():
            for group in self.param_groups:
                self._change(group)
        self.steps_taken += 1
        return loss

    def _change(self, group: dict[str, Any]) -> None:
        def rule(parameter: Tensor, gradient: Tensor, state: dict[str, Any]) -> None:
            gradient = -gradient if group.get("maximize") else gradient
            self.update(parameter, gradient, state, group)

        parameters = group["params"]
        if self.elementwise and not is_watched():  # a trace sees each by itself, and moves none
            kinds = {p.device.type for p in parameters[:1]}
            for step in (_AT_ONCE.get((type(self), kind)) for kind in kinds):
                if step is not None and is_ours(self.update):
                    parameters = step(self, group)
            parameters = packing(self, group).step(parameters, rule, self.state)
        ours = is_watched() and is_ours(self.update)
        with unobserved() if ours else nullcontext():
            for parameter in parameters:
                if parameter.grad is not None:
                    rule(parameter, parameter.grad, self.state[parameter])

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forgets all gradients, which backward would otherwise add to."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter.grad = None
                elif parameter.grad is not None:
                    parameter.grad = parameter.grad.detach().zero_()

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Adds parameters with their own options.

        Args:
            param_group: "params" (a tensor or several) and any options; the rest are defaults.

        Raises:
            TypeError: something else than a tensor is among them.
            ValueError: one is no leaf, or is in a group already.
        """
        given = param_group["params"]
        params = [given] if isinstance(given, Tensor) else list(given)
        seen = {id(p) for group in self.param_groups for p in group["params"]}
        for p in params:
            if not isinstance(p, Tensor):
                raise TypeError(
                    f"An optimiser changes tensors, got {type(p).__name__}; pass "
                    "model.parameters(), not model or model.named_parameters()."
                )
            if not p.is_leaf:
                raise ValueError(
                    f"A tensor of shape {p.shape} was computed from others, so it cannot be "
                    "optimised; pass the leaf it came from."
                )
            if id(p) in seen:
                raise ValueError(f"A parameter of shape {p.shape} appears twice.")
            seen.add(id(p))
        self.param_groups.append({**self.defaults, **param_group, "params": params})

    def state_dict(self) -> dict[str, Any]:
        """The state by parameter number, and the groups with numbers in place of parameters.

        The layout is PyTorch's: {"state": {0: {...}}, "param_groups": [{..., "params": [0]}]}.
        """
        numbers = {id(p): i for i, p in enumerate(self._all())}
        groups = [
            {**group, "params": [numbers[id(p)] for p in group["params"]]}
            for group in self.param_groups
        ]
        state = {numbers[id(p)]: dict(s) for p, s in self.state.items() if s}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Takes over a state, with copies of its arrays.

        Args:
            state_dict: as `state_dict()` gives, from an optimiser of the same kind and parameters.

        Raises:
            ValueError: groups, or the numbers of parameters in them, differ.
        """
        groups = state_dict["param_groups"]
        here = [len(group["params"]) for group in self.param_groups]
        there = [len(group["params"]) for group in groups]
        if here != there:
            raise ValueError(
                f"{type(self).__name__}.load_state_dict: the groups here hold {here} parameters, "
                f"those of the state {there}."
            )
        order = [number for group in groups for number in group["params"]]
        states = {int(number): s for number, s in state_dict["state"].items()}
        self.state = defaultdict(dict)
        for p, number in zip(self._all(), order, strict=True):
            if number in states:
                saved = states[number].items()
                self.state[p] = {key: _adapted(key, value, p) for key, value in saved}
        for mine, saved in zip(self.param_groups, groups, strict=True):
            mine.update({k: _plain(v) for k, v in saved.items() if k != "params"})

    def group_of(self, parameter: Tensor) -> dict[str, Any]:
        """The group that a parameter is in."""
        return next(g for g in self.param_groups if any(p is parameter for p in g["params"]))

    def _all(self) -> list[Tensor]:
        return [p for group in self.param_groups for p in group["params"]]

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for i, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {i}")
            lines += [f"    {key}: {group[key]}" for key in sorted(group) if key != "params"]
        return "\n".join([*lines, ")"])


def _adapted(key: str, value: Any, parameter: Tensor) -> Any:
    """A saved array as a copy in the parameter's dtype and device; a lone number as it is."""
    if isinstance(value, list):
        return [_adapted(key, entry, parameter) for entry in value]
    if not hasattr(value, "shape"):
        return value
    if not tuple(value.shape) and (parameter.shape or key in COUNTS):
        return value.item()
    floating = value.is_floating_point() if isinstance(value, Tensor) else is_floating(value.dtype)
    copy = as_tensor(value).to(parameter.device, copy=True)
    return copy.to(parameter.dtype) if floating else copy


def _plain(value: Any) -> Any:
    """JSON turns tuples into lists; options such as betas are tuples."""
    return tuple(value) if isinstance(value, list) else value


def is_ours(rule: Any) -> bool:
    """Whether a rule and what it calls by name is minidl's: a learner's may stand in its place."""
    waiting, seen = [getattr(rule, "__func__", rule)], set()
    while waiting:
        function = waiting.pop()
        if not function.__module__.startswith(_PACKAGE):
            return False
        if function.__module__.startswith(_ROOM) and function not in seen:
            seen.add(function)
            called = (function.__globals__.get(name) for name in function.__code__.co_names)
            waiting += [f for f in called if isinstance(f, FunctionType)]
    return True


def check_range(name: str, value: float, low: float = 0.0, below: float = float("inf")) -> None:
    """Refuses an option outside low <= value < below."""
    if not low <= value < below:
        rule = f"at least {low}" if below == float("inf") else f"in [{low}, {below})"
        raise ValueError(f"{name} must be {rule}, got {value}.")


def decayed(parameter: Tensor, gradient: Tensor, weight_decay: float) -> Tensor:
    """The gradient with the pull of weight decay in it: g + weight_decay p."""
    return gradient + weight_decay * parameter if weight_decay else gradient
