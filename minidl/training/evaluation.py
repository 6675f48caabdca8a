"""How a model does on data that it does not learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..data.randomness import preserved
from ..nn import Module
from ..ops import default_generator
from ..tape import no_grad
from ..tensors import Tensor
from .metrics import Metric, RunningMean, named, usual


def evaluate(
    model: Module,
    loader: Iterable[Any],
    loss_fn: Callable[..., Tensor],
    metrics: Mapping[str, Metric] | Sequence[Metric] | None = None,
) -> dict[str, float]:
    """Mean loss and metrics over all samples of a loader: {"loss": ..., "accuracy": ...}.

    The model is in evaluation mode meanwhile and then again as it was, no gradient is recorded, and
    the default generator is left where it was: a run with a validation set takes the same steps as
    one without. Each batch counts by its size, so the result does not depend on the batch size.
    metrics: as for `Trainer`; None gives accuracy where the targets are labels.
    """
    means: dict[str, RunningMean] = {}
    chosen = named(metrics)
    with evaluating(model), no_grad(), preserved(default_generator):
        for batch in loader:
            *inputs, target = to_device(batch, model)
            output = model(*inputs)
            values = {"loss": loss_fn(output, target)}
            values |= {name: f(output, target) for name, f in usual(chosen, target).items()}
            for name, value in values.items():
                means.setdefault(name, RunningMean()).add(float(value), len(target))
    if not means:
        raise ValueError("evaluate: the loader gave no batch")
    return {name: mean.value for name, mean in means.items()}


@contextmanager
def evaluating(model: Module) -> Iterator[None]:
    """Evaluation mode for a block; afterwards each module is in the mode in which it was."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, mode in modes:
            module.training = mode


def to_device(batch: Any, model: Module) -> Any:
    """The batch, (inputs, target) or more inputs first, on the device of the model's parameters."""
    if not isinstance(batch, tuple | list) or len(batch) < 2:
        raise TypeError(
            f"a batch must be a tuple (inputs, target), not a {type(batch).__name__}; "
            "give the loader a collate_fn that makes one"
        )
    device = next((p.device for p in model.parameters()), None)
    if device is None or all(t.device == device for t in batch):
        return batch
    return [t.to(device, non_blocking=True) for t in batch]
