"""Networks that begin anew: copies of a model, or what a builder makes, with other first weights.

A model that is handed in is never written to.
"""

import inspect
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, final

from minidl import Tensor, nn, no_grad

from .signals import same_dice

Beginning = Callable[[Tensor], Any]


@final
class Network:
    """A model, or a builder of such, that can be had again and again with other first weights.

    source: a Module; or a function that makes one, `make()` or `make(scale)`; the scale is a first
        argument of that name, or one without a default.
    own: beginnings by name, beside Xavier's and He's: each fills the weight that it is given.
    """

    def __init__(self, source: Any, own: Mapping[str, Beginning] | None = None):
        if not callable(source) or isinstance(source, type):
            raise TypeError(f"A model or a function that makes one, got {type(source).__name__}.")
        self._source: Any = source
        self._own = dict(own or {})
        self._built = not isinstance(source, nn.Module)
        self.first = "as made" if self._built else "as it is"

    @property
    def names(self) -> list[str]:
        """What one can choose from."""
        return [self.first, *self._own, *(name for name in PRESETS if name not in self._own)]

    def begun(self, name: str, scale: float, seed: int) -> nn.Module:
        """A network of its own, its weights `scale` times what the beginning draws.

        Weights are all parameters with two dimensions or more. A beginning other than the first
        sets the biases beside them to 0.

        Raises what the builder and the beginning raise; TypeError for a builder of no Module.
        """
        with same_dice(seed):
            if name == self.first and self._scales:
                return self._made(scale)
            model = self._made(1.0)
            begin = None if name == self.first else self._beginning(name)
            with no_grad():
                _begin(model, begin, scale)
        return model

    def whose(self, name: str) -> str:
        """Whose initialiser is at work: "by your kaiming_normal_"; nothing for none of minidl."""
        if name not in PRESETS or name in self._own:
            return ""
        mine = hasattr(getattr(nn.init, PRESETS[name]), "stands_for")
        return f"by {'your' if mine else 'minidl’s'} {PRESETS[name]}"

    @property
    def _scales(self) -> bool:
        """Whether the builder takes a scale: by that name, or without a default."""
        if not self._built:
            return False
        places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        first = next(iter(inspect.signature(self._source).parameters.values()), None)
        if first is None or first.kind not in places:
            return False
        return first.name == "scale" or first.default is inspect.Parameter.empty

    def _made(self, scale: float) -> nn.Module:
        if not self._built:
            return deepcopy(self._source)
        made = self._source(scale) if self._scales else self._source()
        if not isinstance(made, nn.Module):
            raise TypeError(f"the builder made a {type(made).__name__}, and no Module.")
        return made

    def _beginning(self, name: str) -> Beginning:
        """Looked up anew each time: since the last the learner's own may have come."""
        return self._own[name] if name in self._own else getattr(nn.init, PRESETS[name])


PRESETS = {"Xavier": "xavier_normal_", "He": "kaiming_normal_"}  # and their names in nn.init


def _begin(model: nn.Module, begin: Beginning | None, scale: float) -> None:
    """Each weight once, however many parts share it; and the biases beside one."""
    seen: set[int] = set()
    for part in model.modules():
        named = part._parameters.items()  # the drawer itself: a learner's walk may know no options
        own = {name: p for name, p in named if p is not None and id(p) not in seen}
        seen |= {id(parameter) for parameter in own.values()}
        weights = [parameter for parameter in own.values() if parameter.ndim > 1]
        for weight in weights:
            if begin is not None:
                begin(weight)
            weight.mul_(scale)
        for name, parameter in own.items():
            if weights and begin is not None and parameter.ndim == 1 and "bias" in name:
                parameter.zero_()
