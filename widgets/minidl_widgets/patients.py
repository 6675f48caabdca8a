"""A patient: a model with its loss, a batch and its step; twins are examined in its place.

Whatever an examination does, it does to deep copies, and under dice that are put back.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, final

import numpy as np

import minidl
from minidl import Tensor, nn

from .hosting import host

Pair = tuple[Any, Any]
Exam = Callable[[nn.Module, Any, Any], float]
Step = Callable[[nn.Module, Any, Callable, Any, Any], Any]


@final
@dataclass
class Patient:
    """What was brought to the checkup; all but the first three may be missing."""

    model: nn.Module
    loss_fn: Callable[[Any, Any], Tensor]
    batch: Pair
    optimizer: Any = None
    step: Step | None = None
    validation: Pair | None = None
    learned: Pair | None = None  # all that is learned from; the batch alone where it is not given
    evaluate: Exam | None = None

    @property
    def classes(self) -> int:
        """How many classes the labels tell apart; 0 where they are no class numbers."""
        target = host(self.batch[1])
        if target.dtype.kind not in "iu" or target.ndim != 1 or not target.size:
            return 0
        with minidl.no_grad():
            output = self.run(self.twin())
        return int(output.shape[1]) if output.ndim == 2 and output.shape[1] > 1 else 0

    def run(self, model: nn.Module) -> Any:
        """What a model makes of the batch's inputs; a tuple of inputs is handed over one by one."""
        x = self.batch[0]
        return model(*x) if isinstance(x, tuple) else model(x)

    @property
    def inputs(self) -> np.ndarray:
        """The numbers of the batch's first input."""
        x = self.batch[0]
        return host(x[0] if isinstance(x, tuple) else x)

    def twin(self) -> nn.Module:
        """A copy of the model without gradients."""
        model = deepcopy(self.model)
        for _, dial in every_dial(model):
            dial.grad = None
        return model

    def twins(self) -> tuple[nn.Module, Any]:
        """Copies of the model and of the optimiser that turns its dials."""
        return deepcopy((self.model, self.optimizer))


def sound_step(model: nn.Module, optimizer: Any, loss_fn: Callable, x: Any, y: Any) -> float:
    """Wipe, forward, loss, back, turn."""
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def hidden_modules(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Modules that lie in plain lists, tuples or dictionaries, where no walk finds them."""
    known = {id(module) for module in model.modules()}
    for path, module in model.named_modules():
        for name, value in vars(module).items():
            if name.startswith("_") or not isinstance(value, (list, tuple, Mapping)):
                continue
            items = value.items() if isinstance(value, Mapping) else enumerate(value)
            for key, item in items:
                if isinstance(item, nn.Module) and id(item) not in known:
                    yield f"{path}.{name}[{key!r}]".lstrip("."), item


def hidden_dials(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Parameters of modules that no walk finds, by their paths."""
    for path, module in hidden_modules(model):
        for name, dial in module.named_parameters():
            yield f"{path}.{name}", dial


def every_dial(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """All parameters, those that no walk finds among them."""
    yield from model.named_parameters()
    yield from hidden_dials(model)


def every_part(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """The parts that have no parts themselves, those that no walk finds among them."""
    tops = [("", model), *hidden_modules(model)]
    for top, module in tops:
        for path, part in module.named_modules(prefix=top):
            if not list(part.children()) and (path or part is not model or len(tops) == 1):
                yield path, part


def part_name(path: str, part: nn.Module) -> str:
    """ "2: Linear(32, 10)"."""
    sizes = [getattr(part, name, None) for name in ("in_features", "out_features")]
    inside = ", ".join(str(size) for size in sizes if size is not None)
    kind = type(part).__name__
    words = f"{kind}({inside})" if inside else kind
    return f"{path}: {words}" if path else words


def function_name(f: Any) -> str:
    """ "timid_loss, line 3": a function with the line of its file or cell on which it begins."""
    name = getattr(f, "__name__", "") or type(f).__name__
    code = getattr(inspect.unwrap(f) if callable(f) else f, "__code__", None)
    if code is None or str(getattr(f, "__module__", "")).startswith("minidl"):
        return name
    return f"{name}, line {code.co_firstlineno}"
