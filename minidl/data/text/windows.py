"""A long row of tokens as a data set of windows, each with the token that follows every place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np

from ...backend import int64
from ...creation import as_tensor, from_numpy
from ...errors import ShapeError
from ...tensors import Tensor
from ..dataset import Dataset


@final
class TokenWindows(Dataset[tuple[Tensor, Tensor]]):
    """Item i is (x, y), both (length,) int64: tokens from place i * stride on, and the same places
    one token later, so that y[t] is what a language model should say after x[..t].

    tokens: (n,) ids, as a list, a tensor, or an array, which may be a file (`numpy.memmap`) larger
    than memory. stride: from window to window; `length` makes windows that share no token.
    """

    def __init__(self, tokens: Any, length: int, stride: int = 1):
        if length < 1 or stride < 1:
            raise ValueError(f"length and stride must be positive, not {length} and {stride}")
        self.tokens = tokens if isinstance(tokens, Tensor | np.ndarray) else as_tensor(tokens)
        if self.tokens.ndim != 1:
            raise ShapeError(f"tokens must be one row, not of shape {tuple(self.tokens.shape)}")
        if len(self.tokens) <= length:
            raise ShapeError(
                f"tokens: a window of {length} and the token after it need {length + 1} tokens, "
                f"but there are {len(self.tokens)}"
            )
        self.length, self.stride = length, stride

    def __len__(self) -> int:
        return (len(self.tokens) - 1 - self.length) // self.stride + 1

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        begin = self._begin(index)
        window = _as_ids(self.tokens[begin : begin + self.length + 1])
        return window[:-1], window[1:]

    def gather(self, indices: Sequence[int]) -> list[Tensor]:
        """A whole batch by one indexing call: x and y, (len(indices), length) each."""
        begins = np.array([self._begin(int(i)) for i in indices], np.int64)
        places = begins[:, None] + np.arange(self.length + 1)
        memory = isinstance(self.tokens, Tensor)
        windows = _as_ids(self.tokens[from_numpy(places) if memory else places])
        return [windows[:, :-1], windows[:, 1:]]

    def _begin(self, index: int) -> int:
        number = index + len(self) if index < 0 else index
        if not 0 <= number < len(self):
            raise IndexError(f"index {index}: there are {len(self)} windows")
        return number * self.stride


def _as_ids(tokens: Any) -> Tensor:
    if isinstance(tokens, Tensor):
        return tokens.to(int64)
    return from_numpy(np.array(tokens, np.int64))
