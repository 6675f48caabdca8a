"""Tokenisers that come back to the very text; merges against the plain algorithm; vocabularies."""

import json
import sys
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import minidl
from minidl.data.text import (
    BPETokenizer,
    CharTokenizer,
    Vocab,
    build_vocab_from_iterator,
)
from minidl.data.text.pieces import LONGEST, count, pieces

LOW = " ".join(["low"] * 5 + ["lower"] * 2 + ["newest"] * 6 + ["widest"] * 3)
VERSE = "Wer reitet so spät durch Nacht und Wind? Es ist der Vater mit seinem Kind; 2 + 2 = 4\n" * 9
ANY = st.text(st.characters(codec=None), max_size=60)  # lone surrogates too
FEW = st.text("ab c\n1_é", max_size=40)
TOKENIZER = BPETokenizer.train(VERSE, 330, ["<|end|>", "<|pad|>", "<|"])


def plain_merges(texts: list[str], merges: int, least: int = 2) -> list[tuple[int, int]]:
    """Byte-pair encoding as it is told: count all pairs, merge the first of the most frequent."""
    words = [(list(word), n) for word, n in count(texts).items()]
    learned = []
    for symbol in range(256, 256 + merges):
        counts: Counter = Counter()
        for word, n in words:
            for pair in pairwise(word):
                counts[pair] += n
        if not counts:
            break
        best = max(counts.values())
        if best < least:
            break
        pair = min(p for p, n in counts.items() if n == best)
        learned.append(pair)
        for word, _ in words:
            i = 0
            while i + 1 < len(word):
                if (word[i], word[i + 1]) == pair:
                    word[i : i + 2] = [symbol]
                i += 1
    return learned


# Cutting ----------------------------------------------------------------------------------------


def test_pieces_are_words_with_their_blank():
    text = "Hello  world, it's 12345_x \n end"
    assert pieces(text) == [
        "Hello", " ", " world", ",", " it", "'", "s", " 123", "45", "_", "x", " \n", " end"
    ]  # fmt: skip


def test_no_sign_of_unicode_is_lost():
    text = "".join(map(chr, range(sys.maxunicode + 1)))
    assert "".join(pieces(text)) == text
    assert max(map(len, pieces("x" * 1000 + " " * 1000 + "!" * 1000))) <= LONGEST + 1


# Merging ----------------------------------------------------------------------------------------


def test_the_papers_example():
    """The words of Sennrich et al., algorithm 1, there with a mark for the end of a word."""
    learned = BPETokenizer.train(LOW, 256 + 12).tokens[256:]
    assert learned[:4] == [b"es", b"est", b"lo", b"low"] and b" newest" in learned


@settings(deadline=None, max_examples=200)
@given(st.lists(FEW, max_size=5))
def test_merges_are_those_of_the_plain_algorithm(texts):
    assert BPETokenizer.train(texts, 256 + 12).merges == plain_merges(texts, 12)


@pytest.mark.parametrize("text", [VERSE, LOW, "aaaa aaa aa a " * 3, "abababab babab " * 2])
def test_longer_merges_are_those_of_the_plain_algorithm(text):
    for least in (1, 2, 5):
        mine = BPETokenizer.train(text, 256 + 80, min_frequency=least).merges
        assert mine == plain_merges([text], 80, least)


def test_one_text_and_its_parts_are_the_same():
    lines = VERSE.splitlines(keepends=True)
    assert BPETokenizer.train(lines, 300).merges == BPETokenizer.train(VERSE, 300).merges


def test_training_ends_when_nothing_comes_twice():
    tokenizer = BPETokenizer.train("abcd", 1000)
    assert tokenizer.merges == [] and len(tokenizer) == tokenizer.vocab_size == 256
    with pytest.raises(ValueError, match="vocab_size 256 is less than 256 bytes and 1"):
        BPETokenizer.train("abcd", 256, ["<|end|>"])


# There and back ---------------------------------------------------------------------------------


@settings(deadline=None, max_examples=300)
@given(ANY)
def test_any_text_comes_back(text):
    for tokenizer in (TOKENIZER, BPETokenizer(), CharTokenizer.train(text + "a", ["<|end|>"])):
        assert tokenizer.decode(tokenizer.encode(text)) == text
    assert TOKENIZER.decode(TOKENIZER.encode(text, allow_special=True)) == text


def test_known_words_are_few_tokens():
    assert len(TOKENIZER.encode(" Vater")) == 1 and len(TOKENIZER.encode(" Mutter")) > 1
    assert len(TOKENIZER.encode(VERSE)) < 0.4 * len(VERSE.encode())
    ids = TOKENIZER.encode("spät")
    assert b"".join(TOKENIZER.tokens[i] for i in ids).decode() == "spät"
    half = "ä".encode()[0]
    assert TOKENIZER.decode([half]) == "\ufffd"


def test_the_first_learned_pair_is_merged_first():
    tokenizer = BPETokenizer([(98, 99), (97, 98)])  # "bc" before "ab"
    assert tokenizer.encode("abc") == [97, 256] and tokenizer.encode("ab") == [257]


def test_ids_may_be_tensors():
    ids = TOKENIZER.encode("Nacht und Wind")
    for given_ids in (minidl.tensor(ids), np.array(ids), tuple(ids)):
        assert TOKENIZER.decode(given_ids) == "Nacht und Wind"
    for wrong in (-1, len(TOKENIZER)):
        with pytest.raises(ValueError, match=f"ids: {wrong} is not one of the {len(TOKENIZER)}"):
            TOKENIZER.decode([wrong])
    with pytest.raises(TypeError, match="text must be a str, not a bytes"):
        TOKENIZER.encode(b"Nacht")  # type: ignore[arg-type]


def test_more_words_than_are_remembered(monkeypatch):
    monkeypatch.setattr("minidl.data.text.byte_pairs.REMEMBERED", 3)
    tokenizer = BPETokenizer(TOKENIZER.merges)
    for _ in range(2):
        assert tokenizer.encode(VERSE) == TOKENIZER.encode(VERSE)


# Special tokens, files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tokenizer", [TOKENIZER, CharTokenizer.train(VERSE + "<|>", ["<|end|>", "<|pad|>", "<|"])]
)
def test_special_tokens_are_found_only_if_asked_for(tokenizer):
    end, pad, opening = tokenizer.special_tokens.values()
    assert (end, pad, opening) == tuple(range(len(tokenizer) - 3, len(tokenizer)))
    text = "Kind<|end|>Kind<|pad|><|"
    asked, plain = tokenizer.encode(text, allow_special=True), tokenizer.encode(text)
    kind = tokenizer.encode("Kind")
    assert asked == [*kind, end, *kind, pad, opening] and end not in plain
    assert tokenizer.decode(asked) == tokenizer.decode(plain) == text
    assert tokenizer.decode(asked, skip_special=True) == "KindKind"
    with pytest.raises(ValueError, match="special_tokens must be different"):
        CharTokenizer("ab", ["x", "x"])


@pytest.mark.parametrize(
    "tokenizer", [TOKENIZER, CharTokenizer("ab\ud800€", ["<s>"], "<?>"), CharTokenizer("ba")]
)
def test_saved_and_loaded(tokenizer, tmp_path):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    again = type(tokenizer).load(path)
    assert again.state_dict() == tokenizer.state_dict() == json.loads(path.read_text())
    assert again.tokens == tokenizer.tokens
    assert again.encode("abba") == tokenizer.encode("abba")
    other = BPETokenizer if isinstance(tokenizer, CharTokenizer) else CharTokenizer
    with pytest.raises(ValueError, match="expected kind"):
        other.load(path)


def test_merges_of_what_is_not_there_are_refused():
    with pytest.raises(ValueError, match=r"pair 0, \(300, 1\)"):
        BPETokenizer([(300, 1)])


def test_characters():
    tokenizer = CharTokenizer.train(["cab", "bad"])
    assert tokenizer.alphabet == "abcd" and tokenizer.encode("dab") == [3, 0, 1]
    with pytest.raises(ValueError, match="'z' at place 1"):
        tokenizer.encode("azz")
    lossy = CharTokenizer("abc", unknown="<?>")
    assert lossy.encode("azc") == [0, 3, 2] and lossy.decode([0, 3, 2]) == "a<?>c"


# Vocabularies -----------------------------------------------------------------------------------


def test_a_vocabulary_numbers_frequent_tokens_first():
    texts = [["the", "cat", "sat"], ["the", "mat"], ["a", "cat"]]
    vocab = build_vocab_from_iterator(texts, specials=["<unk>"])
    assert vocab.get_itos() == ["<unk>", "cat", "the", "a", "mat", "sat"]
    assert vocab["the"] == 2 and vocab(["a", "mat"]) == [3, 4] == vocab.lookup_indices(["a", "mat"])
    assert "cat" in vocab and "dog" not in vocab and len(vocab) == 6
    assert vocab.lookup_tokens(minidl.tensor([1, 2])) == ["cat", "the"]
    assert vocab.get_stoi()["sat"] == 5
    with pytest.raises(KeyError, match="'dog' is none of the 6"):
        vocab["dog"]
    vocab.set_default_index(vocab["<unk>"])
    assert vocab["dog"] == 0 == vocab.get_default_index()
    last = build_vocab_from_iterator(texts, 2, ["<unk>", "<pad>"], False, 3)
    assert last.get_itos() == ["cat", "<unk>", "<pad>"]
    with pytest.raises(ValueError, match="max_tokens 1 leaves no room"):
        build_vocab_from_iterator(texts, specials=["a", "b"], max_tokens=1)


def test_a_vocabulary_is_saved_and_refuses_nonsense(tmp_path):
    vocab = Vocab(["a", "b"], 1)
    vocab.save(tmp_path / "vocab.json")
    again = Vocab.load(tmp_path / "vocab.json")
    assert again.get_itos() == ["a", "b"] and again["z"] == 1
    for wrong, says in [
        (lambda: Vocab(["a", "a"]), "'a'. are there more than once"),
        (lambda: vocab.set_default_index(2), "index 2"),
        (lambda: vocab.lookup_token(-1), "index -1"),
        (lambda: build_vocab_from_iterator([["a"]], min_freq=0), "min_freq"),
    ]:
        with pytest.raises(ValueError, match=says):
            wrong()
    TOKENIZER.save(tmp_path / "other.json")
    with pytest.raises(ValueError, match="expected kind 'vocabulary'"):
        Vocab.load(tmp_path / "other.json")
