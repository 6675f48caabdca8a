"""Text as numbers: tokenisers that come back to the very text, vocabularies, windows of tokens."""

from .byte_pairs import BPETokenizer
from .characters import CharTokenizer
from .tokenizer import Tokenizer
from .vocabulary import Vocab, build_vocab_from_iterator
from .windows import TokenWindows

__all__ = [
    "BPETokenizer",
    "CharTokenizer",
    "TokenWindows",
    "Tokenizer",
    "Vocab",
    "build_vocab_from_iterator",
]
