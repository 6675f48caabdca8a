"""One kind of network at any depth: made anew and measured, on one batch."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from minidl import Tensor, nn

from .signals import Signal, measure, same_dice

Loss = Callable[[Any], Tensor]


@final
@dataclass(frozen=True)
class Look:
    """A fresh network measured: every signal, and the loss with which it begins."""

    signals: list[Signal]
    loss: float | None
    trouble: str = ""

    @property
    def weighted(self) -> list[Signal]:
        """The layers with weights; all parts where there are none."""
        return [one for one in self.signals if one.weight is not None] or self.signals

    @property
    def arriving(self) -> float | None:
        """The gradient that reaches the first layer: that of its weights, or what comes to it."""
        first = self.weighted[0] if self.weighted else None
        size = first and (first.weight_back or first.back)
        return size.rms if size else None

    @property
    def leaving(self) -> float | None:
        """The signal behind the last layer."""
        return self.weighted[-1].forward.rms if self.weighted else None


@final
class Kind:
    """Networks of one kind, of any depth.

    make: make(depth, **switches), which makes a Module.
    choices: what a switch may be set to, by name; without it, the builder's switches are its
        keywords that are True or False by default.
    """

    def __init__(self, make: Any, choices: Mapping[str, Sequence[Any]] | None = None):
        if not callable(make) or isinstance(make, (type, nn.Module)):
            raise TypeError(
                f"A function make(depth, ...) that makes a model is wanted, got "
                f"{type(make).__name__}."
            )
        self._make, self._defaults = make, _keywords(make)
        if choices is None:
            choices = {k: (v, not v) for k, v in self._defaults.items() if isinstance(v, bool)}
        self.choices = {name: tuple(values) for name, values in choices.items()}
        if short := [name for name, values in self.choices.items() if not values]:
            raise ValueError(f"The switch {short[0]} has nothing to be set to.")

    @property
    def first(self) -> dict[str, Any]:
        """How the switches stand at first: as the builder has them, or at their first choice."""
        return {
            name: self._defaults[name] if self._defaults.get(name) in values else values[0]
            for name, values in self.choices.items()
        }

    def made(self, depth: int, chosen: Mapping[str, Any], seed: int) -> nn.Module:
        """A network of its own. Raises what the builder raises; TypeError for no Module."""
        with same_dice(seed):
            model = self._make(depth, **chosen)
        if not isinstance(model, nn.Module):
            raise TypeError(f"the builder made a {type(model).__name__}, and no Module")
        return model


def look(model: nn.Module, x: Any, loss: Loss | None) -> Look:
    """Measures a network. Raises what it or the loss raises."""
    prices: list[float] = []

    def noted(output: Any) -> Tensor:
        assert loss is not None
        price = loss(output)
        prices.append(price.item())
        return price

    signals = measure(model, x, noted if loss else None)
    return Look(signals, prices[0] if prices else None)


def loss_for(target: Any, loss: Callable[[Any, Any], Tensor] | None) -> Loss | None:
    """The price of an output: by the function that is given, or the usual one for such targets."""
    if target is None:
        if loss is not None:
            raise ValueError("A loss compares with a target: give one.")
        return None
    if loss is None:
        whole = isinstance(target, Tensor) and target.dtype.kind in "iu"
        loss = nn.functional.cross_entropy if whole else nn.functional.mse_loss
    price = loss
    return lambda output: price(output, target)


def _keywords(make: Callable) -> dict[str, Any]:
    """The builder's arguments that may be named, but for the first, with their defaults."""
    parameters = list(inspect.signature(make).parameters.values())
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    found = [p for p in parameters[1:] if p.kind in by_name]
    return {p.name: p.default for p in found if p.default is not p.empty}
