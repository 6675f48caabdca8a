"""Puts the learner's checked pieces to work in place of minidl's own, and takes them out again.

An installed function is guarded: when it raises where the original would not, the original answers,
stays from then on, and one sentence says so. A class takes its place as it is, since instances must
be what `isinstance` expects. When one of its methods raises, the error goes through, for nobody
can tell what the half-done call has changed already; but new instances are minidl's again.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Mapping
from typing import Any

from ..spec import Exercise
from ..watching import Watchers
from . import my_code, remembered
from .adapting import Unfit, adapt
from .replacing import find, find_primitive, replace, replace_forward, replace_rules, short

# What a broken piece raises; a ValueError or RuntimeError is as likely the fault of what came in.
BUGS = (NameError, AttributeError, TypeError, LookupError, NotImplementedError, RecursionError)

_installed: dict[str, Callable[[], None]] = {}  # name in minidl -> the way back
_notes: dict[str, str] = {}  # every name asked about so far, and why it is minidl's (or "")
_passing: dict[str, Any] = {}  # name in minidl -> the learner's piece, at work or switched off
changes = Watchers()  # told whenever a part changes hands


def install(name: str, piece: Any) -> None:
    """Replaces a part of the running minidl by the learner's piece.

    name: a dotted path inside the package ("nn.Linear"), or "primitive:NAME.vjp" for derivative
        rules, then `piece` is a sequence of rules, one per input; or "primitive:NAME.forward" for
        what it computes, then `piece` takes the arrays and parameters, without the array module.
    Raises LookupError when minidl has no such part.
    """
    remove(name)
    if name.startswith("primitive:") and name.endswith(".forward"):
        primitive, (piece,) = find_primitive(name), piece if isinstance(piece, tuple) else (piece,)
        forward = _guarded(name, _without_module(piece), primitive.forward)
        _installed[name] = replace_forward(primitive, forward)
    elif name.startswith("primitive:"):
        primitive = find_primitive(name)
        pairs = zip(piece, primitive.rules, strict=False)
        rules = [_guarded(name, mine, theirs) for mine, theirs in pairs]
        _installed[name] = replace_rules(primitive, rules)
    elif isinstance(piece, type):
        _installed[name] = replace(find(name), _watched(name, piece))
    else:
        original = find(name)
        _installed[name] = replace(original, _guarded(name, piece, original))
    _notes[name] = ""


def remove(name: str) -> None:
    """Puts minidl's own part back. Nothing happens when it is there already."""
    put_back = _installed.pop(name, None)
    if put_back is not None:
        put_back()


def is_yours(name: str) -> bool:
    """Whether the learner's piece is at work under this name."""
    return name in _installed


def owners() -> list[tuple[str, str, str]]:
    """(part, "yours" or "minidl's", why) of every part asked about in this kernel."""
    return [
        (short(name), "yours" if is_yours(name) else "minidl's", note)
        for name, note in sorted(_notes.items())
    ]


def set_aside(exercise: Exercise) -> None:
    """Takes the exercise's pieces out while they are judged."""
    for name in parts(exercise):
        remove(name)


def accept(exercise: Exercise, namespace: Mapping[str, Any]) -> tuple[str, ...]:
    """Installs the pieces of a passed exercise and keeps their source; returns what to say."""
    notes = []
    for name, piece in replacements(exercise, namespace):
        offer(name, piece)
        notes.append(switched(name))
    if my_code.keep(exercise, namespace):
        notes.append(f"Your code is kept in `{my_code.FILE}`.")
    return tuple(notes)


def offer(name: str, piece: Any) -> None:
    """Puts a passing piece to work, unless the learner has switched it off."""
    _passing[name] = piece
    if remembered.is_off(name):
        remove(name)
        _notes[name] = "switched off by you"
    else:
        install(name, piece)
    changes.tell()


def switched(name: str) -> str:
    """Lets a passing piece follow its switch. Returns what to say."""
    offer(name, _passing[name])
    if is_yours(name):
        return f"Yours: `{short(name)}` now runs on your code."
    back = f"""switch("{short(name)}", "yours")"""
    return f"minidl's: `{short(name)}` is switched off; `{back}` puts yours back."


def known() -> list[str]:
    """The parts of minidl for which there is a passing piece in this kernel."""
    return sorted(_passing)


def parts(exercise: Exercise) -> list[str]:
    """The parts of minidl that an exercise replaces."""
    return [name for name in exercise.replaced if name]


def decline(exercise: Exercise) -> tuple[str, ...]:
    """Takes the pieces of a failed exercise out. Returns what to tell the learner."""
    names = parts(exercise)
    for name in names:
        remove(name)
        _passing.pop(name, None)
        _notes[name] = "your piece does not pass its check yet"
    changes.tell()
    return tuple(f"minidl's: `{short(name)}` stays minidl's until this passes." for name in names)


def replacements(exercise: Exercise, namespace: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(name in minidl, the learner's piece) for each part that the exercise replaces."""
    names = exercise.replaced
    pieces = [namespace[entry] for entry in exercise.entry]
    if len(names) == 1 and names[0] and names[0].startswith("primitive:"):
        rules = pieces[0] if isinstance(pieces[0], (tuple, list)) else pieces
        return [(names[0], tuple(rules))]
    pairs = [(name, piece) for name, piece in zip(names, pieces, strict=False) if name]
    return [
        (name, (piece,) if name.startswith("primitive:") and callable(piece) else piece)
        for name, piece in pairs
    ]


def _guarded(name: str, piece: Callable, original: Callable) -> Callable:
    """The piece; where it raises and the original answers, the original takes its place.

    Where both raise, the input is to blame. The piece's own error goes through if it is of the
    original's kind (a `verify` that refuses a damaged file), and the original's otherwise.
    """
    adapted = adapt(piece, original)

    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return _walked(adapted(*args, **kwargs))
        except Unfit as option:
            _notes[name] = f"but minidl's where {option} is asked for"
            return original(*args, **kwargs)
        except Exception as error:
            try:
                answer = _walked(original(*args, **kwargs))
            except Exception as theirs:
                if not isinstance(error, type(theirs)):
                    raise
            else:
                _fall_back(name, error, "From here on minidl's own is used")
                return answer
            raise

    functools.update_wrapper(guarded, piece)
    guarded.stands_for = (piece, original)  # type: ignore[attr-defined]  (the tape asks what it reads)
    return guarded


def _without_module(piece: Callable) -> Callable:
    """A primitive's forward rule gets the array module first; a learner's works by methods."""

    @functools.wraps(piece)
    def forward(xp: Any, *inputs: Any, **params: Any) -> Any:
        return piece(*inputs, **params)

    return forward


def _walked(answer: Any) -> Any:
    """A generator raises while it is walked: that is done here, where one can fall back."""
    return iter(list(answer)) if isinstance(answer, types.GeneratorType) else answer


def _watched(name: str, piece: type) -> type:
    """The class, its methods watched."""
    for key, method in list(vars(piece).items()):
        if isinstance(method, types.FunctionType) and not hasattr(method, "__wrapped__"):
            setattr(piece, key, _watched_method(name, method))
    return piece


def _watched_method(name: str, method: Callable) -> Callable:
    @functools.wraps(method)
    def watched(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except BUGS as error:
            if is_yours(name):
                _fall_back(name, error, "Run the cell that made it again: a new one is minidl's")
            raise

    return watched


def _fall_back(name: str, error: Exception, now: str) -> None:
    """Takes the piece out and says so; `now`: what holds from here on."""
    remove(name)
    _notes[name] = f"your piece raised {type(error).__name__}"
    changes.tell()
    words = f"{type(error).__name__}: {error}".rstrip(". :")
    print(
        f"Your {short(name).removeprefix('the ')} raised {words}. "
        f"{now}; badge() shows what is whose."
    )
