"""Class labels: integers that name a class, checked before they silently pick the wrong number."""

from ... import backend
from ...backend import int64, uint8
from ...creation import arange
from ...errors import ShapeError
from ...ops import watch_front
from ...tensors import Tensor


def one_hot(input: Tensor, num_classes: int = -1) -> Tensor:
    """A 1 at each label's place, 0 elsewhere.

    Args:
        input: (*), int64 from 0 to num_classes - 1.
        num_classes: -1 for the largest label + 1.

    Returns:
        Tensor: (*, num_classes), int64.

    Raises:
        TypeError: labels are not int64. IndexError: a label is no class.
        ValueError: there are no classes, or no labels to count them by.
    """
    if input.dtype != int64:
        raise TypeError(f"one_hot: labels must be int64, got {input.dtype}: use input.long().")
    if num_classes == -1:
        if input.numel() == 0:
            raise ValueError("one_hot: no label to count the classes by; give num_classes.")
        num_classes = max(int(input.max().item()), 0) + 1
    if num_classes < 1:
        raise ValueError(f"one_hot: num_classes must be positive, or -1, got {num_classes}.")
    check_labels("one_hot", input, num_classes, None)
    return (input.unsqueeze(-1) == arange(num_classes).to(input.device)).long()


def check_labels(
    name: str,
    target: Tensor,
    classes: int,
    ignore_index: int | None,
    words: tuple[str, str, str] = ("label", "labels", "classes"),
) -> bool:
    """Whether all labels are classes; False where some may be ignored, and where labels are not
    known: on paper not yet, on a card not without waiting for it.

    Args:
        name: who asks.
        target: any shape, integers.
        classes: how many there are.
        ignore_index: a label that is no class, but allowed.
        words: what the message calls one label, several, and the classes.

    Raises:
        IndexError: a label is neither a class nor `ignore_index`; the message names the first.
    """
    labels = target.array
    if backend.at_hand(labels) is None:
        if ignore_index is None:
            watch_front(target, classes)
        return ignore_index is None
    if labels.size == 0 or _largest(labels) < classes:
        return not (ignore_index is not None and 0 <= ignore_index < classes)
    bad = (labels < 0) | (labels >= classes)
    if ignore_index is not None:
        bad &= labels != ignore_index
    if bad.any():
        raise IndexError(_explain(name, target, bad, classes, words))
    return False


def _largest(labels) -> int:
    """The largest label, negative ones being larger than all: one look answers for both ends."""
    kind = labels.dtype
    return (labels.view(f"u{kind.itemsize}") if kind.kind == "i" else labels).max()


def _explain(name: str, target: Tensor, bad, classes: int, words: tuple[str, str, str]) -> str:
    first = tuple(int(axis[0]) for axis in bad.nonzero())
    where = "" if not first else f" at index {first[0] if len(first) == 1 else first}"
    said = (
        f"{name}: {words[0]} {int(target.array[first])}{where} is out of range: with {classes} "
        f"{words[2]}, {words[1]} are 0 to {classes - 1}"
    )
    if int(target.array.min()) == 1 and int(target.array.max()) == classes:
        return f"{said}; these count from 1, so use target - 1."
    return f"{said}."


def check_class_target(name: str, input: Tensor, target: Tensor) -> None:
    """Refuses labels whose dtype or shape cannot belong to these scores.

    Raises:
        TypeError: labels are neither int64 nor uint8.
        ShapeError: `input` is not (N, C, ...) or `target` not (N, ...).
    """
    if target.dtype not in (int64, uint8):
        raise TypeError(
            f"{name}: target must hold integers (int64 or uint8), got {target.dtype} of shape "
            f"{target.shape}: use target.long(); probabilities would need the input's shape "
            f"{input.shape}."
        )
    if input.ndim == 0:
        raise ShapeError(f"{name}: input must be (C), (N, C) or (N, C, ...), got ().")
    expected = input.shape[:1] + input.shape[2:] if input.ndim > 1 else ()
    if target.shape == expected:
        return
    said = f"{name}: input {input.shape} needs a target of shape {expected}, got {target.shape}"
    if target.shape == input.shape:
        hint = (
            "; labels are one number per row: target.argmax(1), or target.float() as probabilities"
        )
    elif target.ndim == len(expected) + 1 and target.shape[-1] == 1:
        hint = "; target.squeeze(-1) drops its last dimension"
    elif input.ndim > 1 and target.ndim and input.shape[0] != target.shape[0]:
        hint = f": {input.shape[0]} rows of scores cannot meet {target.shape[0]} labels"
    else:
        hint = "; the classes stand in dimension 1 of the input"
    raise ShapeError(f"{said}{hint}.")
