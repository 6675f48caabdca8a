"""What has leaked: items that are in two sets, a scale that was measured on the wrong one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, final

import numpy as np

from minidl.data.transforms import Normalize

from .chains import Chain, mark, numbers_of
from .writing import number

MOST = 20_000  # items of one set that are looked at
NEAR = 2e-3  # how far a mean is from 0, and a spread from 1, where it was measured on these numbers


@final
@dataclass(frozen=True)
class Finding:
    """One thing that was looked into. state: all is well, alarm, or nothing can be said."""

    state: Literal["fine", "alarm", "open"]
    words: str


def findings(train: Chain, other: Chain | None) -> list[Finding]:
    """All that can be said of a training set, and of another set beside it."""
    if max(len(train.places), len(other.places) if other else 0) > MOST:
        return [Finding("open", f"Sets of more than {MOST:,} items are not compared.")]
    if other is None:
        return [scale(train, None), Finding("open", "Give validation=... to look for leaks.")]
    return [shared(train, other), scale(train, other), changed(other)]


def shared(train: Chain, other: Chain) -> Finding:
    """Whether an item is in both sets: the same numbers, wherever they lie."""
    places = defaultdict(list)
    for i, x in enumerate(train.firsts()):
        places[mark(x)].append(i)
    both = [
        (places[seen][0], k) for k, x in enumerate(other.firsts()) if (seen := mark(x)) in places
    ]
    if not both:
        return Finding("fine", "No item is in both sets.")
    some = ", ".join(f"{i} is {k} there" for i, k in both[:3]) + (", ..." if len(both) > 3 else "")
    are = "item is" if len(both) == 1 else "items are"
    return Finding("alarm", f"{len(both)} {are} in both sets ({some}).")


def scale(train: Chain, other: Chain | None) -> Finding:
    """On whose numbers mean and spread were measured."""
    mine = _table(train)
    if mine is None:
        return Finding("open", "Items of several shapes, or no numbers: no scale to look at.")
    if centred(mine):
        return _own_scale(train, other)
    theirs = None if other is None else _table(other)
    if theirs is not None and theirs.shape[1:] == mine.shape[1:]:
        if centred(np.concatenate([mine, theirs])):
            return Finding("alarm", "The scale was measured on both sets together.")
        if centred(theirs):
            return Finding("alarm", "The scale was measured on the other set, not on this one.")
    middle, spread = number(mine.mean(), 3), number(mine.std(), 3)
    return Finding("open", f"Not on the training set's scale: mean {middle}, spread {spread}.")


def _own_scale(train: Chain, other: Chain | None) -> Finding:
    """The training set has mean 0 and spread 1. So the other must not have, too."""
    theirs = None if other is None else _table(other)
    if theirs is not None and len(theirs) and centred(theirs):
        return Finding("alarm", "Each set is on a scale of its own: measure on this one for both.")
    return Finding("fine", "The scale was measured on the training set.")


def changed(other: Chain) -> Finding:
    """Whether what is only to be judged is changed at random."""
    drawn = [step.title for step in other.steps if step.random]
    if drawn:
        return Finding("alarm", f"The other set is changed at random, by {', '.join(drawn)}.")
    return Finding("fine", "The other set is not changed at random.")


def centred(x: np.ndarray) -> bool:
    """Whether mean is 0 and spread 1: of each column, of each channel, or of all numbers."""
    if len(x) < 2 or not np.isfinite(x).all():
        return False
    axes: list[Sequence[int]] = [(0,), tuple(range(x.ndim))]
    if x.ndim > 3:
        axes.append((0, *range(2, x.ndim)))
    return any(_is_unit(x.mean(along), x.std(along)) for along in axes)


def _is_unit(mean: np.ndarray, spread: np.ndarray) -> bool:
    """Constant columns have spread 0 and say nothing, but some column must say something."""
    varies = spread > NEAR
    return bool(
        varies.any() and (np.abs(mean) < NEAR).all() and (np.abs(spread[varies] - 1) < NEAR).all()
    )


def _table(chain: Chain) -> np.ndarray | None:
    """The first members of all items as the last `Normalize` leaves them, in float64.

    None where they are no equal arrays. Steps that draw are left out.
    """
    upto = max((k + 1 for k, s in enumerate(chain.steps) if _scales(s.change)), default=0)
    try:
        found = [numbers_of(x) for x in chain.firsts(upto)]
    except Exception:  # a step that needs what a random one gives it
        return None
    arrays = [one for one in found if one is not None]
    if not arrays or len(arrays) < len(found) or len({one.shape for one in arrays}) > 1:
        return None
    return np.stack(arrays)


def _scales(change: Any) -> bool:
    return isinstance(change, Normalize)
