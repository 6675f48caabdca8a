"""What all tokenisers have in common: text to numbers and back, special tokens, a file."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self


class Tokenizer(ABC):
    """Text as a list of ids 0..len(tokenizer)-1, and back.

    Special tokens, such as "<|end|>", mark what is no text; their ids are the last ones. In text
    they are found only if asked for, so that nobody can smuggle one in by typing it.
    """

    kind: str  # what the file says it holds
    special_tokens: dict[str, int]

    def __init__(self, ordinary: int, special_tokens: Sequence[str]):
        if len(set(special_tokens)) < len(special_tokens) or "" in special_tokens:
            raise ValueError(f"special_tokens must be different texts, not {special_tokens!r}")
        self.special_tokens = {text: ordinary + i for i, text in enumerate(special_tokens)}
        self._ordinary = ordinary
        longest_first = sorted(map(re.escape, special_tokens), key=len, reverse=True)
        self._special = re.compile(f"({'|'.join(longest_first)})") if special_tokens else None

    def __len__(self) -> int:
        return self._ordinary + len(self.special_tokens)

    @property
    def vocab_size(self) -> int:
        """How many ids there are, special tokens included."""
        return len(self)

    def encode(self, text: str, allow_special: bool = False) -> list[int]:
        """The ids of a text.

        allow_special: whether special tokens in the text become their ids, instead of being read
        as text like any other.
        """
        if not isinstance(text, str):
            raise TypeError(f"text must be a str, not a {type(text).__name__}")
        if not (allow_special and self._special):
            return self._encode(text)
        ids: list[int] = []
        for part in self._special.split(text):
            special = self.special_tokens.get(part)
            ids += self._encode(part) if special is None else [special]
        return ids

    def decode(self, ids: Any, skip_special: bool = False) -> str:
        """The text of ids: a list, an array or a tensor.

        skip_special: whether special tokens are left out. Raises ValueError for an id there is not.
        """
        numbers = ids.tolist() if hasattr(ids, "tolist") else list(ids)
        for i in numbers:
            if not 0 <= i < len(self):
                raise ValueError(f"ids: {i} is not one of the {len(self)} ids from 0")
        return self._decode([i for i in numbers if i < self._ordinary or not skip_special])

    def state_dict(self) -> dict[str, Any]:
        """All there is to know, as plain lists, numbers and texts."""
        return {"kind": self.kind, **self._state(), "special_tokens": list(self.special_tokens)}

    @classmethod
    def from_state_dict(cls, state: dict[str, Any]) -> Self:
        """The tokeniser that `state_dict` described."""
        if state.get("kind") != cls.kind:
            raise ValueError(f"state: expected kind {cls.kind!r}, got {state.get('kind')!r}")
        return cls._from_state(state)

    def save(self, path: str | Path) -> None:
        """Write `state_dict` as JSON."""
        Path(path).write_text(json.dumps(self.state_dict(), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The tokeniser that was saved."""
        return cls.from_state_dict(json.loads(Path(path).read_text(encoding="utf-8")))

    @abstractmethod
    def _encode(self, text: str) -> list[int]:
        """Ids of a text in which nothing is special."""

    @abstractmethod
    def _decode(self, ids: list[int]) -> str: ...

    @abstractmethod
    def _state(self) -> dict[str, Any]: ...

    @classmethod
    @abstractmethod
    def _from_state(cls, state: dict[str, Any]) -> Self: ...


def texts_of(text: str | Iterable[str]) -> Iterable[str]:
    """One text or many."""
    return [text] if isinstance(text, str) else text
