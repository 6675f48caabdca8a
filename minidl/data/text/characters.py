"""The character tokeniser: every character of an alphabet is a token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self, final

from .tokenizer import Tokenizer, texts_of


@final
class CharTokenizer(Tokenizer):
    """Text over an alphabet as ids: its characters in ascending order, then special tokens.

    `decode(encode(text)) == text` for every text over the alphabet. Another character raises
    ValueError; or becomes the special token `unknown`, if there is one, and is then lost.
    """

    kind = "characters"

    def __init__(
        self,
        alphabet: Iterable[str],
        special_tokens: Sequence[str] = (),
        unknown: str | None = None,
    ):
        self.alphabet = "".join(sorted(set(alphabet)))
        special = [*special_tokens]
        if unknown is not None and unknown not in special:
            special.append(unknown)
        super().__init__(len(self.alphabet), special)
        self.unknown = unknown
        self.tokens: list[str] = [*self.alphabet, *special]
        self._ids = {character: i for i, character in enumerate(self.alphabet)}

    @classmethod
    def train(
        cls,
        text: str | Iterable[str],
        special_tokens: Sequence[str] = (),
        unknown: str | None = None,
    ) -> CharTokenizer:
        """The alphabet of one text or many."""
        alphabet: set[str] = set()
        for some in texts_of(text):
            alphabet.update(some)
        return cls(alphabet, special_tokens, unknown)

    def _encode(self, text: str) -> list[int]:
        if self.unknown is not None:
            other = self.special_tokens[self.unknown]
            return [self._ids.get(character, other) for character in text]
        try:
            return [self._ids[character] for character in text]
        except KeyError as error:
            character = error.args[0]
            raise ValueError(
                f"text: {character!r} at place {text.index(character)} is not in the alphabet of "
                f"{len(self.alphabet)} characters; train on a text that has it, or give `unknown`"
            ) from None

    def _decode(self, ids: list[int]) -> str:
        return "".join([self.tokens[i] for i in ids])

    def _state(self) -> dict[str, Any]:
        return {"alphabet": self.alphabet, "unknown": self.unknown}

    @classmethod
    def _from_state(cls, state: dict[str, Any]) -> Self:
        return cls(state["alphabet"], state["special_tokens"], state["unknown"])
