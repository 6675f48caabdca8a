"""Where a nan began: the failed batch is run again while every layer's output is watched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..nn import Module
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
    finding = _in_batch(inputs, target) or _in_layers(model, inputs, step, lr)
    kind, place, sentence = finding or (
        "loss",
        getattr(loss_fn, "__name__", type(loss_fn).__name__),
        "Every layer's output is finite, so the loss function itself made it: look for the "
        "logarithm of 0, a division by 0, or an output too large for its exponential.",
    )
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
    return 0 if x.dtype.kind != "f" else int((~x.isfinite()).sum().item())


def _in_batch(inputs: Sequence[Tensor], target: Tensor) -> Finding | None:
    for name, x in [*((f"input {i}", x) for i, x in enumerate(inputs)), ("target", target)]:
        if bad := not_finite(x):
            sentence = (
                f"The batch holds it already: {bad} of {x.numel()} numbers of {name} are nan or "
                "inf. Clean the data."
            )
            return "input", name, sentence
    return None


def _in_layers(model: Module, inputs: Sequence[Tensor], step: int, lr: float) -> Finding | None:
    """Run the model again with a hook on every module; the first to end with a nan is named."""
    findings: list[Finding] = []

    def watch(name: str, module: Module) -> Callable[..., None]:
        def hook(module: Any, args: Any, output: Any) -> None:
            if not findings and isinstance(output, Tensor) and (bad := not_finite(output)):
                findings.append(_describe(name, module, output, bad, step, lr))

        return hook

    handles = [m.register_forward_hook(watch(name, m)) for name, m in model.named_modules()]
    try:
        with no_grad():
            model(*inputs)
    finally:
        for handle in handles:
            handle.remove()
    return findings[0] if findings else None


def _describe(name: str, module: Module, output: Tensor, bad: int, step: int, lr: float) -> Finding:
    place = f"'{name}'" if name else "the model"
    first = (
        f"The first layer whose output is not finite is {place} ({type(module).__name__}): "
        f"{bad} of its {output.numel()} numbers are nan or inf."
    )
    remedy = f"lower the learning rate (it is {lr:g})"
    broken = [p for p, value in module.named_parameters() if not_finite(value)]
    if broken and step == 1:
        cause = f"Its parameter '{broken[0]}' was not finite from the beginning."
    elif broken:
        cause = (
            f"Its parameter '{broken[0]}' is not finite either, so the update of step {step - 1} "
            f"broke it: {remedy} or clip the gradient's norm (clip_norm=1)."
        )
    else:
        cause = (
            "Its parameters are finite, so the numbers grew too large on the way, or it divides by "
            f"0 or takes the logarithm of 0: {remedy}, or look into that layer."
        )
    return "parameter" if broken else "output", name, f"{first} {cause}"
