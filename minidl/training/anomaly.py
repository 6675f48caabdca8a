"""Where a nan began: the failed batch is run again while every layer's output is watched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..creation import finfo
from ..dtypes import is_floating
from ..nn import Module, MSELoss
from ..tape import no_grad
from ..tensors import Tensor
from .errors import NonFiniteLossError

Finding = tuple[str, str, str]  # kind, name of the place, sentence


def blame_loss(
    model: Module,
    loss_fn: Callable[..., Tensor],
    batch: Sequence[Tensor],
    step: int,
    loss: float,
    lr: float,
) -> NonFiniteLossError:
    """The error to raise when a step's loss is not finite; it names where that began."""
    *inputs, target = batch
    finding = _in_batch(inputs, target)
    if not finding:
        finding, output = _in_layers(model, inputs, step, lr)
        finding = finding or _in_loss(loss_fn, output, target, step, lr)
    kind, place, sentence = finding
    return NonFiniteLossError(f"step {step}: the loss is {loss}. {sentence}", step, place, kind)


def blame_gradient(model: Module, step: int, loss: float) -> NonFiniteLossError | None:
    """The error to raise when a gradient is not finite; None if all are (their norm overflowed)."""
    # Gradients flow from the last layer to the first, so the last one hit is where it began.
    hit = [n for n, p in model.named_parameters() if p.grad is not None and not_finite(p.grad)]
    if not hit:
        return None
    more = f" (nor are those of {len(hit) - 1} before it)" if len(hit) > 1 else ""
    sentence = (
        f"step {step}: the loss is {loss:g}, but the gradient of parameter '{hit[-1]}' is not "
        f"finite{more}. A derivative is infinite there: the root or the logarithm of 0, or numbers "
        "too large for their dtype. No update was made."
    )
    return NonFiniteLossError(sentence, step, hit[-1], "gradient")


def not_finite(x: Tensor) -> int:
    """How many numbers of a tensor are nan or inf."""
    return 0 if not is_floating(x.dtype) else int((~x.isfinite()).sum().item())


def _in_batch(inputs: Sequence[Tensor], target: Tensor) -> Finding | None:
    for name, x in [*((f"input {i}", x) for i, x in enumerate(inputs)), ("target", target)]:
        if bad := not_finite(x):
            sentence = (
                f"The batch holds it already: {bad} of {x.numel()} numbers of {name} are nan or "
                "inf. Clean the data."
            )
            return "input", name, sentence
    return None


def _in_layers(
    model: Module, inputs: Sequence[Tensor], step: int, lr: float
) -> tuple[Finding | None, Any]:
    """Run the model again with a hook on every module; the first to end with a nan is named.

    Returns what was found, and the model's output.
    """
    findings: list[Finding] = []

    def watch(name: str, module: Module) -> Callable[..., None]:
        def hook(module: Any, args: Any, output: Any) -> None:
            if not findings and isinstance(output, Tensor) and (bad := not_finite(output)):
                findings.append(_describe(name, module, args, output, bad, step, lr))

        return hook

    handles = [m.register_forward_hook(watch(name, m)) for name, m in model.named_modules()]
    try:
        with no_grad():
            output = model(*inputs)
    finally:
        for handle in handles:
            handle.remove()
    return (findings[0] if findings else None), output


def _in_loss(
    loss_fn: Callable[..., Tensor], output: Any, target: Tensor, step: int, lr: float
) -> Finding:
    """All that goes into the loss function is finite, so the fault is what it makes of it."""
    name = getattr(loss_fn, "__name__", type(loss_fn).__name__)
    outputs = list(output) if isinstance(output, (list, tuple)) else [output]
    how = "their squares" if isinstance(loss_fn, MSELoss) else f"what {name} makes of them"
    if _largest(outputs) >= _largest([target]):
        size = "outputs", _too_large(outputs, how, _remedy(step, lr)) or _ordinary(outputs)
    else:
        size = "targets", _too_large([target], how, "scale them") or _ordinary([target])
    sentence = f"Every layer's output is finite, so {name} itself made it. The {size[0]} {size[1]}."
    return "loss", name, sentence


def _describe(
    name: str, module: Module, inputs: Any, output: Tensor, bad: int, step: int, lr: float
) -> Finding:
    place = f"'{name}'" if name else "the model"
    first = (
        f"The first layer whose output is not finite is {place} ({type(module).__name__}): "
        f"{bad} of its {output.numel()} numbers are nan or inf."
    )
    broken = [p for p, value in module.named_parameters() if not_finite(value)]
    values = [*inputs, *module.parameters()]
    if broken and step == 1:
        cause = f"Its parameter '{broken[0]}' was not finite from the beginning."
    elif broken:
        cause = (
            f"Its parameter '{broken[0]}' is not finite either, so the update of step {step - 1} "
            f"broke it: {_remedy(step, lr)}."
        )
    elif any(not_finite(x) for x in inputs if isinstance(x, Tensor)):
        cause = (
            "But what came in was not finite already, and every layer before it was sound: look at "
            "what the model does between its layers."
        )
    else:
        large = _too_large(values, "products and sums of them", _remedy(step, lr))
        end = large or _ordinary(values)
        cause = f"Its parameters are finite. The numbers that go in {end}."
    return "parameter" if broken else "output", name, f"{first} {cause}"


def _remedy(step: int, lr: float) -> str:
    if step == 1:  # no update has been made yet, so the rate is not to blame
        return "scale the inputs, or begin with smaller weights"
    return f"lower the learning rate (it is {lr:g}) or clip the gradient's norm (clip_norm=1)"


def _floating(values: Sequence[Any]) -> list[Tensor]:
    return [x for x in values if isinstance(x, Tensor) and is_floating(x.dtype) and x.numel()]


def _largest(values: Sequence[Any]) -> float:
    """The largest absolute value of all floating-point tensors among them."""
    return max((x.detach().abs().amax().item() for x in _floating(values)), default=0.0)


def _too_large(values: Sequence[Any], how: str, remedy: str) -> str:
    """What to say when numbers of this size can overflow as soon as they multiply; or nothing."""
    limits = [(float(finfo(x.dtype).max), x.dtype.name) for x in _floating(values)]
    limit, kind = min(limits, default=(0.0, ""))
    size = _largest(values)
    if size * size < limit / 1e4 or not limits:  # room for a sum of ten thousand products
        return ""
    return f"reach {size:.1e}, and {how} do not fit {kind}, which ends at {limit:.1e}: {remedy}"


def _ordinary(values: Sequence[Any]) -> str:
    """What to say when numbers of an ordinary size turned into nan or inf."""
    size = _largest(values)
    power = f", or e to the power of {size:.3g}" if size > 80 else ""
    return (
        f"are of an ordinary size, {size:.3g} at most: look for a division by 0, or the logarithm "
        f"or the root of a number that has none{power}"
    )
