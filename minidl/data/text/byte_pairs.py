"""The byte-pair tokeniser: frequent pieces of words are one token, rare words are several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self, final

from . import merging
from .merging import BYTES, Pair
from .pieces import count, pieces, to_bytes, to_text
from .tokenizer import Tokenizer, texts_of

REMEMBERED = 1 << 16  # pieces whose ids are kept, since most words come again


@final
class BPETokenizer(Tokenizer):
    """Any text as ids: 0..255 are bytes, 256 and on the merged pairs, the last are special.

    Whatever the text, `decode(encode(text)) == text`, for what no merge covers stays bytes. A list
    of ids that does not end with a whole sign decodes with U+FFFD in its place.

    merges: pairs of smaller ids; pair i becomes id 256 + i.

    Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019), section
    2.2.
    """

    kind = "byte pairs"

    def __init__(self, merges: Iterable[Pair] = (), special_tokens: Sequence[str] = ()):
        self.merges: list[Pair] = [(int(a), int(b)) for a, b in merges]
        super().__init__(BYTES + len(self.merges), special_tokens)
        self._symbols = merging.table(self.merges)
        self.tokens: list[bytes] = [bytes([i]) for i in range(BYTES)]
        for i, (left, right) in enumerate(self.merges):
            if not (0 <= left < BYTES + i and 0 <= right < BYTES + i):
                raise ValueError(f"merges: pair {i}, {(left, right)}, names what is not there yet")
            self.tokens.append(self.tokens[left] + self.tokens[right])
        self.tokens += map(to_bytes, special_tokens)
        self._known: dict[str, list[int]] = {}

    @classmethod
    def train(
        cls,
        text: str | Iterable[str],
        vocab_size: int,
        special_tokens: Sequence[str] = (),
        min_frequency: int = 2,
    ) -> BPETokenizer:
        """Learn merges from one text or many.

        vocab_size: ids in all: 256 bytes, special tokens, and as many merges as there is room for;
        fewer if no pair is left that occurs `min_frequency` times.
        """
        merges = vocab_size - BYTES - len(special_tokens)
        if merges < 0:
            raise ValueError(
                f"vocab_size {vocab_size} is less than {BYTES} bytes and "
                f"{len(special_tokens)} special_tokens"
            )
        return cls(merging.learn(count(texts_of(text)), merges, min_frequency), special_tokens)

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = []
        known = self._known
        for piece in pieces(text):
            found = known.get(piece)
            if found is None:
                if len(known) >= REMEMBERED:
                    known.clear()
                found = known[piece] = merging.apply(to_bytes(piece), self._symbols)
            ids += found
        return ids

    def _decode(self, ids: list[int]) -> str:
        return to_text(b"".join([self.tokens[i] for i in ids]))

    def _state(self) -> dict[str, Any]:
        return {"merges": [list(pair) for pair in self.merges]}

    @classmethod
    def _from_state(cls, state: dict[str, Any]) -> Self:
        return cls(state["merges"], state["special_tokens"])
