"""Text cut into words, numbers, signs and blanks, over whose borders no token reaches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

LONGEST = 32  # no run of one kind is longer, so that no piece takes long, whatever the text is

# A blank belongs to the word after it, so that a word is the same token wherever it stands.
PIECE = re.compile(
    rf" ?[^\W\d_]{{1,{LONGEST}}}"  # letters
    rf"| ?\d{{1,3}}"  # up to three figures
    rf"| ?(?:[^\s\w]|_){{1,{LONGEST}}}"  # signs
    rf"|\s{{1,{LONGEST}}}(?!\S)|\s"  # blanks, but for the one that the next word takes
)


def pieces(text: str) -> list[str]:
    """The pieces in their order; joined they are the text again, for every sign is of one kind.

    Source: the idea of cutting before merging is Radford et al., "Language Models are Unsupervised
    Multitask Learners" (2019), section 2.2.
    """
    return PIECE.findall(text)


def count(texts: Iterable[str]) -> Counter[bytes]:
    """How often each piece occurs, as bytes."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(pieces(text))
    return Counter({to_bytes(piece): n for piece, n in found.items()})


def to_bytes(text: str) -> bytes:
    """UTF-8; also for halves of surrogate pairs, which stand alone in some texts."""
    return text.encode("utf-8", "surrogatepass")


def to_text(data: bytes) -> str:
    """The way back. Bytes that are no text, such as a part of a sign, become U+FFFD."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
