"""Connectionist temporal classification: a signal that nobody cut into letters, written down."""

from typing import Any

from ... import ops
from ...creation import arange, tensor
from ...errors import ShapeError
from ...precision import in_single
from ...tensors import Tensor
from .arguments import check_real
from .labels import check_labels
from .reduction import check_reduction, reduced

_NEVER = -1e30  # the logarithm of 0, but finite, so that what never happens has slope 0, not nan


@in_single("cpu")
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """-ln of the sum, over all ways to write the target in T steps, of the product of their chances

    A way gives one class to each step; written down, repetitions count once and blanks not at all:
    "--c-aa-t" is "cat". A double letter needs a blank between.

    Args:
        log_probs: (T, N, C) or (T, C), logarithms of probabilities, mostly from log_softmax.
        targets: (N, S), of which only the first target_lengths[n] of each row are read; or all
            targets one after another, in one dimension. Integers from 0 to C - 1, but not blank.
        input_lengths: N numbers up to T, how many steps of each signal there are.
        target_lengths: N numbers, how long each target is.
        blank: the class that writes nothing.
        reduction: "mean" (each loss divided by its target's length, then averaged over the batch),
            "sum" or "none".
        zero_infinity: a target too long for its signal, whose loss is infinite, counts nothing.

    As in PyTorch the gradient takes for granted that log_probs came from log_softmax: it is that of
    the loss plus e^x - 1 summed, which log_softmax makes the same.

    Raises:
        ShapeError: sizes and lengths do not fit. IndexError: a label is no class.
        TypeError: log_probs hold no real numbers, targets or lengths no integers.

    Source: Graves et al., "Connectionist Temporal Classification" (2006), section 4.1.
    """
    check_reduction("ctc_loss", reduction)
    check_real("ctc_loss", log_probs=log_probs)
    batched = log_probs.ndim == 3
    if log_probs.ndim not in (2, 3) or 0 in log_probs.shape:
        raise ShapeError(
            f"ctc_loss: log_probs must be (T, N, C) or (T, C), none of them 0, got "
            f"{log_probs.shape}."
        )
    logs = log_probs if batched else ops.unsqueeze(log_probs, 1)
    steps, batch, classes = logs.shape
    if not 0 <= blank < classes:
        raise ValueError(f"ctc_loss: blank={blank} is no class of {classes}.")
    inputs = _lengths("input_lengths", input_lengths, batch, steps)
    letters = _lengths("target_lengths", target_lengths, batch, None)
    labels = _padded(targets, letters, batch, blank)
    check_labels("ctc_loss", labels, classes, None)
    losses = _losses(logs, labels, inputs, letters, blank, zero_infinity)
    if reduction == "mean":
        losses = losses / tensor([max(n, 1) for n in letters]).to(losses.dtype).to(losses.device)
    return reduced("ctc_loss", losses if batched else losses[0], reduction)


def _losses(
    logs: Tensor, labels: Tensor, inputs: list[int], letters: list[int], blank: int, forgive: bool
) -> Tensor:
    """One loss per signal (N)."""
    states = _with_blanks(labels, blank)
    reached = _forward(logs, states, inputs)
    last = tensor([[2 * n, max(2 * n - 1, 0)] for n in letters]).to(logs.device)
    ends = ops.gather(reached, 1, last)  # in the last letter, or in the blank after it
    single = tensor([[0.0, _NEVER * (n == 0)] for n in letters]).to(logs.dtype).to(logs.device)
    losses = -ops.logsumexp(ends + single, 1)
    counted = [i > 0 or n == 0 for i, n in zip(inputs, letters, strict=True)]
    nothing = tensor([i == 0 for i in inputs]).to(logs.device)
    losses = ops.where(nothing, 0.0, losses)
    possible = ops.logical_and(losses < -_NEVER / 10, tensor(counted).to(logs.device))
    losses = losses + _softmax_slope(logs, inputs)
    return ops.where(possible, losses, 0.0 if forgive else float("inf"))


def _forward(logs: Tensor, states: Tensor, inputs: list[int]) -> Tensor:
    """ln of the chance to be in each state (N, 2S + 1) after each signal's last step.

    From one step to the next one stays, goes on, or jumps over a blank between unequal letters
    (two blanks are equal, so no letter is ever jumped over).
    """
    batch, size = states.shape
    rows = ops.unsqueeze(arange(batch).to(logs.device), 1)
    emitted = ops.clamp(logs[:, rows, states], min=_NEVER)
    places = arange(size).to(logs.device)
    before = ops.cat([states[:, :1].expand(batch, min(2, size)), states[:, : max(size - 2, 0)]], 1)
    jumps = ops.logical_and(states != before, places >= 2)
    barred = ops.where(jumps, 0.0, _NEVER).to(logs.dtype)
    never = ops.fill(emitted[0, :, :1].detach(), value=_NEVER)
    alpha = emitted[0] + ops.where(places < 2, 0.0, _NEVER).to(logs.dtype)
    for t in range(1, logs.shape[0]):
        on = ops.cat([never, alpha[:, :-1]], 1)
        jump = ops.cat([never, on[:, :-1]], 1) + barred
        top = ops.maximum(alpha, ops.maximum(on, jump)).detach()
        total = ops.exp(alpha - top) + ops.exp(on - top) + ops.exp(jump - top)
        moved = ops.log(total) + top + emitted[t]
        going = [t < n for n in inputs]
        if not all(going):
            moved = ops.where(tensor(going).to(logs.device).unsqueeze(1), moved, alpha)
        alpha = moved
    return alpha


def _softmax_slope(logs: Tensor, inputs: list[int]) -> Tensor:
    """0 for each signal, with the gradient e^x at its steps (see `ctc_loss`)."""
    steps = arange(logs.shape[0]).to(logs.device)
    inside = ops.unsqueeze(steps, 1) < tensor(inputs).to(logs.device)
    chances = ops.sum(ops.sum(ops.exp(logs), 2) * inside, 0)
    return chances - chances.detach()


def _with_blanks(labels: Tensor, blank: int) -> Tensor:
    """(N, S) letters as (N, 2S + 1) states: a blank before, between and after them."""
    batch, size = labels.shape
    blanks = ops.fill(labels, value=blank)
    pairs = ops.reshape(ops.stack([blanks, labels], 2), (batch, 2 * size))
    return ops.cat([pairs, tensor([[blank]]).to(labels.device).expand(batch, 1)], 1)


def _padded(targets: Tensor, letters: list[int], batch: int, blank: int) -> Tensor:
    """The targets as (N, S) int64, with blanks behind each."""
    if not isinstance(targets, Tensor) or targets.dtype.kind not in "iu":
        kind = getattr(targets, "dtype", type(targets).__name__)
        raise TypeError(f"ctc_loss: targets must be a tensor of integers, got {kind}.")
    targets, longest = targets.long(), max(letters, default=0)
    if targets.ndim == 1:
        if targets.shape[0] != sum(letters):
            raise ShapeError(
                f"ctc_loss: targets holds {targets.shape[0]} labels, target_lengths add up to "
                f"{sum(letters)}."
            )
        starts = [sum(letters[:n]) for n in range(batch)]
        places = tensor(starts).unsqueeze(1) + arange(longest)
        targets = targets[places.clamp(max=max(sum(letters) - 1, 0)).to(targets.device)]
    elif targets.ndim != 2 or targets.shape[0] != batch or targets.shape[1] < longest:
        raise ShapeError(
            f"ctc_loss: targets must be ({batch}, at least {longest}), got {targets.shape}."
        )
    inside = arange(longest) < tensor(letters).unsqueeze(1)
    return ops.where(inside.to(targets.device), targets[:, :longest], blank)


def _lengths(word: str, lengths: Any, batch: int, most: int | None) -> list[int]:
    """N lengths as plain numbers."""
    if isinstance(lengths, Tensor):
        if lengths.dtype.kind not in "iu":
            raise TypeError(f"ctc_loss: {word} must hold integers, got {lengths.dtype}.")
        lengths = lengths.reshape(-1).tolist()
    if isinstance(lengths, int):
        raise TypeError(f"ctc_loss: {word} must be a tensor or a list, got {lengths}.")
    lengths = [int(n) for n in lengths]
    if len(lengths) != batch:
        raise ShapeError(f"ctc_loss: {word} must hold {batch} numbers, got {len(lengths)}.")
    for n in lengths:
        if n < 0 or most is not None and n > most:
            raise ValueError(f"ctc_loss: {word} must be 0 to {most or 'S'}, got {n}.")
    return lengths
