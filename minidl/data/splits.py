"""Which samples are for training and which for the test: a fact of the data, pinned by a hash."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from hashlib import sha256

TEST_SHARE = 0.2


def split_indices(name: str, labels: Sequence[Hashable], split: str, seed: int = 0) -> list[int]:
    """Indices of the "train", "test" or "all" part, in ascending order.

    Within each class the samples are ranked by a hash of (name, seed, index); the first fifth is
    the test set. So every class has its share in both parts (the split is *stratified*), and the
    split is the same on every machine and under every version of every library: no random
    generator, whose stream a new release may change, has a say.
    """
    if split not in ("train", "test", "all"):
        raise ValueError(f'split must be "train", "test" or "all", not {split!r}')
    if split == "all":
        return list(range(len(labels)))
    test: set[int] = set()
    for label in set(labels):
        members = [i for i, other in enumerate(labels) if other == label]
        members.sort(key=lambda i: sha256(f"{name}:{seed}:{i}".encode()).digest())
        test.update(members[: round(len(members) * TEST_SHARE)])
    return [i for i in range(len(labels)) if (i in test) == (split == "test")]
