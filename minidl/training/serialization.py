"""`save` and `load`: plain state as one safetensors file, which other tools read too."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from ..backend import as_dtype
from .atomic import write_whole
from .errors import CheckpointError
from .plain import TENSOR, flatten, unflatten

KEY = "minidl"  # the entry of the file's metadata that holds the tree
SUFFIX = ".safetensors"
_DTYPES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64",
    "I32": "int32", "I16": "int16", "I8": "int8", "U64": "uint64", "U32": "uint32",
    "U16": "uint16", "U8": "uint8", "BOOL": "bool", "C64": "complex64",
}  # fmt: skip


def save(obj: Any, f: str | os.PathLike[str]) -> None:
    """Write a nested dictionary of tensors and numbers, such as a `state_dict`.

    The file is a safetensors file whose tensors are named as in the dictionary, so a model's
    `state_dict()` saved here loads into PyTorch. What is not a tensor goes into its metadata as
    JSON. Nothing is pickled, so loading a stranger's file runs no code. The write is atomic.
    """
    arrays, tree = flatten(obj)
    write_whole(Path(f), to_bytes(arrays, {KEY: json.dumps(tree)}))


def load(f: str | os.PathLike[str]) -> Any:
    """Read what `save` wrote, or any safetensors file (as a dictionary of tensors).

    Raises CheckpointError, naming the file, if it is not a whole safetensors file.
    """
    path = Path(f)
    arrays, metadata = from_bytes(path.read_bytes(), path)
    tree = json.loads(metadata[KEY]) if KEY in metadata else {k: {TENSOR: k} for k in arrays}
    return unflatten(tree, arrays)


def to_bytes(arrays: dict[str, np.ndarray], metadata: dict[str, str] | None = None) -> bytes:
    """The bytes of a safetensors file; of metadata one entry at most, for their order varies."""
    from safetensors.numpy import save as encode

    return encode(arrays, metadata)


def from_bytes(data: bytes, path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Arrays and metadata from the bytes of a safetensors file; `path` names it in an error."""
    from safetensors import SafetensorError, deserialize

    try:
        arrays = {name: _array(name, given, path) for name, given in deserialize(data)}
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    except (SafetensorError, ValueError) as error:
        raise CheckpointError(
            f"{path}: not a whole safetensors file: cut short, damaged or another kind ({error})"
        ) from error
    return arrays, header.get("__metadata__", {})


def _array(name: str, given: dict[str, Any], path: Path) -> np.ndarray:
    """One entry of a file; bfloat16 is among the dtypes, of which safetensors' own reader for NumPy
    knows nothing."""
    kind = _DTYPES.get(given["dtype"])
    if kind is None:
        raise CheckpointError(f"{path}: '{name}' is of {given['dtype']}, which minidl has not")
    return np.frombuffer(given["data"], as_dtype(kind)).reshape(given["shape"])
