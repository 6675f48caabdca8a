"""Byte-pair encoding: the pair that occurs most often becomes one symbol, again and again.

While they are merged, words are kept as `str`, symbol i as the character of that number: replacing
a pair is then `str.replace`, and a pair is a text of two characters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from operator import add
from typing import final

Pair = tuple[int, int]
BYTES = 256  # symbols 0..255 are the bytes; the first pair becomes symbol 256


def learn(counts: Mapping[bytes, int], merges: int, min_frequency: int = 2) -> list[Pair]:
    """The pairs to merge, in the order in which they are to be merged.

    Of pairs that occur equally often the one with the smaller symbols comes first; so the same
    counts give the same merges everywhere. It ends early when no pair occurs `min_frequency` times.

    Source: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword
    Units" (2016), algorithm 1; Gage, "A New Algorithm for Data Compression" (1994).
    """
    corpus, learned = _Corpus(counts), []
    for symbol in range(BYTES, BYTES + merges):
        pair = corpus.most_frequent(min_frequency)
        if pair is None:
            break
        corpus.merge(pair, chr(symbol))
        learned.append((ord(pair[0]), ord(pair[1])))
    return learned


def table(merges: list[Pair]) -> dict[str, str]:
    """What `apply` looks up: the symbol of each pair."""
    return {chr(a) + chr(b): chr(BYTES + i) for i, (a, b) in enumerate(merges)}


def apply(data: bytes, symbols: Mapping[str, str]) -> list[int]:
    """The symbols of one piece: of its pairs the one that was learned first is merged first."""
    word = data.decode("latin-1")
    while True:
        found = [(symbols[pair], pair) for pair in set(_pairs(word)) if pair in symbols]
        if not found:
            return [*map(ord, word)]
        symbol, pair = min(found)
        word = word.replace(pair, symbol)


def _pairs(word: str) -> map[str]:
    """Each symbol with the one after it."""
    return map(add, word, word[1:])


@final
class _Corpus:
    """The words with their pairs counted; a merge looks only at the words that have the pair."""

    def __init__(self, counts: Mapping[bytes, int]):
        self.words = [word.decode("latin-1") for word in counts]
        self.times = list(counts.values())
        self.pairs: Counter[str] = Counter()
        self.places: defaultdict[str, set[int]] = defaultdict(set)  # words that may have the pair
        for i, (word, n) in enumerate(zip(self.words, self.times, strict=True)):
            for pair in _pairs(word):
                self.pairs[pair] += n
                self.places[pair].add(i)
        # Counts that have fallen since stay in the queue; they are put right when they come up.
        self.queue = [(-n, pair) for pair, n in self.pairs.items()]
        heapify(self.queue)

    def most_frequent(self, least: int) -> str | None:
        """The pair that occurs most often, if at least so many times."""
        while self.queue:
            n, pair = heappop(self.queue)
            now = self.pairs[pair]
            if now == -n and now >= least:
                return pair
            if now != -n and now >= least:
                heappush(self.queue, (-now, pair))
        return None

    def merge(self, pair: str, symbol: str) -> None:
        """Replace the pair everywhere, and count anew what stands beside it."""
        change: Counter[str] = Counter()
        for i in self.places.pop(pair):
            word = self.words[i] = self.words[i].replace(pair, symbol)
            at, n = word.find(symbol), self.times[i]
            while at >= 0:
                for gone, come in _beside(word, at, pair, symbol):
                    change[gone] -= n
                    change[come] += n
                    self.places[come].add(i)
                at = word.find(symbol, at + 1)
        del self.pairs[pair], change[pair]
        for changed, n in change.items():
            self.pairs[changed] += n
            if n > 0:
                heappush(self.queue, (-self.pairs[changed], changed))


def _beside(word: str, at: int, pair: str, symbol: str) -> list[tuple[str, str]]:
    """The pairs (before the merge, after it) on both sides of the symbol in a merged word.

    Two symbols side by side share one such pair, which counts for the right one.
    """
    both = []
    if at:
        left = word[at - 1]
        both.append(((pair[1] if left == symbol else left) + pair[0], left + symbol))
    if at + 1 < len(word) and word[at + 1] != symbol:
        both.append((pair[1] + word[at + 1], symbol + word[at + 1]))
    return both
