"""Says how an answer differs from the right one: its parts, type, shape, dtype, then numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np


@final
@dataclass(frozen=True)
class Gap:
    """One difference: its kind, its place in the answer, a sentence, each element's error."""

    kind: str  # missing, extra, type, shape, dtype, value
    where: str
    sentence: str
    error: np.ndarray | None = None  # |got - expected|, of the answer's shape
    wrong: np.ndarray | None = None  # True where the error is over the tolerance


@final
@dataclass(frozen=True)
class Opaque:
    """Stands for a thing that is neither number, text, array nor a collection: its kind's name."""

    name: str


@final
@dataclass(frozen=True)
class Tolerance:
    """How close is equal, |got - expected| <= atol + rtol * |expected|; whether dtypes count."""

    rtol: float
    atol: float
    dtype: bool = False


def plain(value: Any) -> Any:
    """The value without tensors: arrays, numbers, strings, and dictionaries and tuples of them."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(plain(item) for item in value)
    if hasattr(value, "detach") and hasattr(value, "numpy"):
        return np.array(value.detach().cpu().numpy())
    return np.array(value) if isinstance(value, np.ndarray) else value


def compare(expected: Any, got: Any, tolerance: Tolerance, where: str = "") -> list[Gap]:
    """Every gap between two plain values, the coarsest first; an empty list when they agree."""
    if isinstance(expected, Mapping):
        return _compare_keys(expected, got, tolerance, where)
    if got is None and expected is not None:
        return _gap("type", where, "nothing came back (None); is a `return` missing?")
    if expected is None or isinstance(expected, (str, bytes, bool, np.bool_)):
        return _compare_plainly(expected, got, where)
    if isinstance(expected, tuple) and not _is_numeric(expected):
        return _compare_items(expected, got, tolerance, where)
    return _compare_arrays(np.asarray(expected), got, tolerance, where)


def number(value: Any) -> str:
    """A number as a person writes it, the same on every machine."""
    return f"{value:.6g}" if isinstance(value, (float, np.floating)) else str(value)


def _compare_keys(expected: Mapping, got: Any, tolerance: Tolerance, where: str) -> list[Gap]:
    if not isinstance(got, Mapping):
        return _gap("type", where, f"expected a dictionary, got {_kind(got)}.")
    inside = {key: f"{where}.{key}" if where else str(key) for key in [*expected, *got]}
    gaps = [
        Gap("missing", inside[key], f"`{inside[key]}` is missing.")
        for key in expected
        if key not in got
    ]
    gaps += [
        Gap("extra", inside[key], f"`{inside[key]}` was not asked for.")
        for key in got
        if key not in expected
    ]
    for key in expected:
        if key in got:
            gaps += compare(expected[key], got[key], tolerance, inside[key])
    return gaps


def _compare_items(expected: tuple, got: Any, tolerance: Tolerance, where: str) -> list[Gap]:
    count = len(expected)
    if not isinstance(got, tuple):
        return _gap("type", where, f"expected {count} values in a sequence, got {_kind(got)}.")
    if len(got) != count:
        return _gap("shape", where, f"expected {count} values, got {len(got)}.")
    gaps: list[Gap] = []
    for i, (wanted, came) in enumerate(zip(expected, got, strict=True)):
        gaps += compare(wanted, came, tolerance, f"{where}[{i}]")
    return gaps


def _compare_plainly(expected: Any, got: Any, where: str) -> list[Gap]:
    if isinstance(expected, (bool, np.bool_)) and isinstance(got, np.ndarray) and got.shape == ():
        got = got.item()
    if type(got).__name__.startswith("bool") and isinstance(expected, (bool, np.bool_)):
        got, expected = bool(got), bool(expected)
    try:
        same = bool(expected == got)
    except (TypeError, ValueError):
        same = False
    if same:
        return []
    return _gap("value", where, f"expected {_show(expected)}, got {_show(got)}.")


def _compare_arrays(expected: np.ndarray, got: Any, tolerance: Tolerance, where: str) -> list[Gap]:
    try:
        array = np.asarray(got)
    except ValueError:
        shape = expected.shape
        return _gap("type", where, f"expected an array of shape {shape}, got a ragged sequence.")
    if array.dtype.kind not in "biufc":
        wanted = f"an array of shape {expected.shape}" if expected.ndim else "a number"
        return _gap("type", where, f"expected {wanted}, got {_kind(got)}.")
    if array.shape != expected.shape:
        return _gap("shape", where, _shapes(expected.shape, array.shape))
    gaps = []
    if tolerance.dtype and array.dtype != expected.dtype:
        gaps = _gap("dtype", where, f"expected dtype {expected.dtype}, got {array.dtype}.")
    return gaps + _compare_numbers(expected, array, tolerance, where)


def _compare_numbers(
    expected: np.ndarray, got: np.ndarray, tolerance: Tolerance, where: str
) -> list[Gap]:
    with np.errstate(all="ignore"):
        wide = np.result_type(expected, got, np.float64)
        a, b = expected.astype(wide), got.astype(wide)
        wrong = ~np.isclose(b, a, rtol=tolerance.rtol, atol=tolerance.atol, equal_nan=True)
        error = np.where(wrong, np.abs(b - a), 0.0)
        error = np.where(np.isnan(error), np.inf, error)
    if not wrong.any():
        return []
    if not expected.ndim:
        sentence = f"expected {number(expected[()])}, got {number(got[()])}."
        return _gap("value", where, sentence, error, wrong)
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    place = ", ".join(map(str, first))
    sentence = (
        f"{int(wrong.sum())} of {wrong.size} numbers are wrong. First at [{place}]: "
        f"expected {number(expected[first])}, got {number(got[first])}. "
        f"Largest error {number(float(error.max()))}."
    )
    return _gap("value", where, sentence, error, wrong)


def _shapes(expected: tuple, got: tuple) -> str:
    sentence = f"expected shape {expected}, got {got}"
    if len(expected) > 1 and got == expected[::-1]:
        return sentence + ": the axes are the other way round."
    if tuple(n for n in expected if n != 1) == tuple(n for n in got if n != 1):
        return sentence + ": they differ in an axis of length 1."
    return sentence + "."


def _is_numeric(items: tuple) -> bool:
    return all(
        isinstance(item, (int, float, complex, np.number)) and not isinstance(item, bool)
        for item in items
    )


def _gap(kind: str, where: str, sentence: str, *maps: np.ndarray) -> list[Gap]:
    """One gap; the sentence says its place first."""
    return [Gap(kind, where, f"`{where}`: {sentence}" if where else sentence, *maps)]


def _kind(value: Any) -> str:
    name = value.name if isinstance(value, Opaque) else type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _show(value: Any) -> str:
    if isinstance(value, (str, bytes, bool, int, float, type(None))):
        return repr(value)
    return number(value) if isinstance(value, np.number) else _kind(value)
