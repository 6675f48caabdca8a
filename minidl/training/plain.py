"""Plain state is a tree: its tensors go into one flat dictionary, all the rest is JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..creation import from_numpy
from ..tensors import Tensor

# JSON has fewer kinds of things than Python; what it lacks is written as {MARK: ...}.
TENSOR, ARRAY, TUPLE, ITEMS = "$tensor", "$array", "$tuple", "$items"


def flatten(state: Any) -> tuple[dict[str, np.ndarray], Any]:
    """Part a tree of dictionaries, lists, tuples, tensors, arrays, numbers and texts.

    Returns the arrays by name (the path in the tree, joined by dots: a plain `state_dict` keeps its
    keys) and the tree with names in the arrays' places, fit for JSON.
    Raises TypeError for anything else in the tree, naming its path.
    """
    arrays: dict[str, np.ndarray] = {}
    return arrays, _flatten(state, (), arrays)


def unflatten(tree: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """The state from which `flatten` made the two."""
    if isinstance(tree, list):
        return [unflatten(member, arrays) for member in tree]
    if not isinstance(tree, dict):
        return tree
    if TENSOR in tree:
        return from_numpy(arrays[tree[TENSOR]].copy())
    if ARRAY in tree:
        return arrays[tree[ARRAY]].copy()
    if TUPLE in tree:
        return tuple(unflatten(member, arrays) for member in tree[TUPLE])
    if ITEMS in tree:
        return {key: unflatten(value, arrays) for key, value in tree[ITEMS]}
    return {key: unflatten(value, arrays) for key, value in tree.items()}


def _flatten(state: Any, path: tuple[str, ...], arrays: dict[str, np.ndarray]) -> Any:
    if state is None or isinstance(state, bool | int | float | str):
        return state
    if isinstance(state, Tensor):
        return {TENSOR: _put(state.detach().to("cpu").numpy(), path, arrays)}
    if isinstance(state, np.ndarray):
        return {ARRAY: _put(state, path, arrays)}
    if isinstance(state, np.generic):
        return state.item()
    if isinstance(state, list):
        return [_flatten(x, (*path, str(i)), arrays) for i, x in enumerate(state)]
    if isinstance(state, tuple):
        return {TUPLE: [_flatten(x, (*path, str(i)), arrays) for i, x in enumerate(state)]}
    if isinstance(state, Mapping):
        return _flatten_mapping(state, path, arrays)
    raise TypeError(
        f"cannot save {'.'.join(path) or 'this'}: it is a {type(state).__name__}, but saved state "
        "holds dictionaries, lists, tuples, tensors, arrays, numbers, texts and None alone"
    )


def _flatten_mapping(
    state: Mapping[Any, Any], path: tuple[str, ...], arrays: dict[str, np.ndarray]
) -> dict[str, Any]:
    entries = [(key, _flatten(x, (*path, str(key)), arrays)) for key, x in state.items()]
    if all(isinstance(key, str) and not key.startswith("$") for key in state):
        return dict(entries)
    strange = [key for key in state if not isinstance(key, str | int | float | bool)]
    if strange:
        raise TypeError(
            f"cannot save {'.'.join(path) or 'this'}: a key is a {type(strange[0]).__name__}; "
            "keys must be texts or numbers"
        )
    return {ITEMS: [list(entry) for entry in entries]}


def _put(array: np.ndarray, path: tuple[str, ...], arrays: dict[str, np.ndarray]) -> str:
    name = ".".join(path) or "tensor"
    while name in arrays:  # {"a": {"b": x}, "a.b": y}: two paths, one joined name
        name += "'"
    # safetensors 0.8 writes the bytes of an array that is not C-contiguous in the wrong order.
    arrays[name] = array if array.flags.c_contiguous else array.copy(order="C")
    return name
