"""Words and their numbers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, final


@final
class Vocab:
    """Token i is `tokens[i]`: `vocab["the"]` is its number, `vocab(["the", "cat"])` are theirs.

    A token that is not there raises KeyError; or has the default index, once that is set.
    """

    def __init__(self, tokens: Iterable[str], default_index: int | None = None):
        self._tokens = list(tokens)
        self._indices = {token: i for i, token in enumerate(self._tokens)}
        if len(self._indices) < len(self._tokens):
            twice = [token for token, n in Counter(self._tokens).items() if n > 1]
            raise ValueError(f"tokens: {twice[:5]} are there more than once")
        self.set_default_index(default_index)

    def __len__(self) -> int:
        return len(self._tokens)

    def __contains__(self, token: str) -> bool:
        return token in self._indices

    def __getitem__(self, token: str) -> int:
        index = self._indices.get(token, self._default)
        if index is None:
            raise KeyError(
                f"{token!r} is none of the {len(self)} tokens; set_default_index says what "
                "number an unknown token has"
            )
        return index

    def __call__(self, tokens: Iterable[str]) -> list[int]:
        return [self[token] for token in tokens]

    def lookup_indices(self, tokens: Iterable[str]) -> list[int]:
        """The numbers of tokens."""
        return self(tokens)

    def lookup_token(self, index: int) -> str:
        """The token of a number; ValueError if there is none."""
        if not 0 <= index < len(self):
            raise ValueError(f"index {index} is not one of the {len(self)} from 0")
        return self._tokens[index]

    def lookup_tokens(self, indices: Any) -> list[str]:
        """The tokens of numbers: a list, an array or a tensor."""
        numbers = indices.tolist() if hasattr(indices, "tolist") else indices
        return [self.lookup_token(i) for i in numbers]

    def set_default_index(self, index: int | None) -> None:
        """The number of every unknown token; None refuses them."""
        if index is not None and not 0 <= index < len(self):
            raise ValueError(f"index {index} is not one of the {len(self)} from 0")
        self._default = index

    def get_default_index(self) -> int | None:
        """The number of an unknown token."""
        return self._default

    def get_itos(self) -> list[str]:
        """The tokens by number."""
        return list(self._tokens)

    def get_stoi(self) -> dict[str, int]:
        """The numbers by token."""
        return dict(self._indices)

    def state_dict(self) -> dict[str, Any]:
        """The tokens and the default index."""
        return {"kind": "vocabulary", "tokens": self.get_itos(), "default_index": self._default}

    def save(self, path: str | Path) -> None:
        """Write `state_dict` as JSON."""
        Path(path).write_text(json.dumps(self.state_dict(), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Vocab:
        """The vocabulary that was saved."""
        state = json.loads(Path(path).read_text(encoding="utf-8"))
        if state.get("kind") != "vocabulary":
            raise ValueError(f"{path}: expected kind 'vocabulary', got {state.get('kind')!r}")
        return cls(state["tokens"], state["default_index"])


def build_vocab_from_iterator(
    iterator: Iterable[Iterable[str]],
    min_freq: int = 1,
    specials: Sequence[str] | None = None,
    special_first: bool = True,
    max_tokens: int | None = None,
) -> Vocab:
    """The vocabulary of many tokenised texts: frequent tokens first, equals in alphabetic order.

    iterator: gives the tokens of one text after the other.
    min_freq: tokens that occur less often are left out.
    specials: further tokens, put before all others or after them.
    max_tokens: how many there are at most, specials included.
    """
    if min_freq < 1:
        raise ValueError(f"min_freq must be 1 or more, not {min_freq}")
    added = list(specials or ())
    if max_tokens is not None and max_tokens < len(added):
        raise ValueError(f"max_tokens {max_tokens} leaves no room for {len(added)} specials")
    counts: Counter[str] = Counter()
    for tokens in iterator:
        counts.update(tokens)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    kept = [token for token, n in ranked if n >= min_freq and token not in added]
    if max_tokens is not None:
        kept = kept[: max_tokens - len(added)]
    return Vocab(added + kept if special_first else kept + added)
