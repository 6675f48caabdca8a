"""The wire: what is written arrives, and whatever else comes is refused in one way."""

from __future__ import annotations

import enum
import io
import json
import struct
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from minidl.grading.compare import Opaque, Tolerance, compare
from minidl.grading.maps import map_of
from minidl.grading.wire.packing import TooLarge, frame
from minidl.grading.wire.protocol import CAPS, MAGIC, PREFIX, TRUSTED, Caps, ProtocolError, read

SMALL = Caps(header=4000, body=4000, nodes=200, depth=8, arrays=10)


def back(data: bytes, caps: Caps = CAPS):
    """What a reader makes of these bytes."""
    return read(io.BytesIO(data).read, caps)


def raw(header: object, body: bytes = b"", sizes: tuple[int, int] | None = None) -> bytes:
    """A frame with any header at all."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return PREFIX.pack(MAGIC, *(sizes or (len(text), len(body)))) + text + body


def same(a, b) -> bool:
    """Equal to the bit, kinds and dtypes too."""
    if isinstance(a, (np.ndarray, np.generic)):
        return (
            type(a) is type(b)
            and a.dtype == b.dtype
            and a.shape == b.shape
            and a.tobytes() == b.tobytes()
        )
    if isinstance(a, dict):
        return type(b) is dict and list(a) == list(b) and all(same(v, b[k]) for k, v in a.items())
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (float, complex)):
        return type(a) is type(b) and repr(a) == repr(b)
    return type(a) is type(b) and a == b


@st.composite
def arrays(draw):
    dtype = draw(st.sampled_from(["b1", "i1", "u2", "i4", "i8", "f2", "f4", "f8", "c16"]))
    shape = tuple(draw(st.lists(st.integers(0, 4), max_size=3)))
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    data = bytearray(draw(st.binary(min_size=size, max_size=size)))
    if dtype == "b1":
        data = bytearray(b % 2 for b in data)
    return np.frombuffer(data, dtype).reshape(shape)


PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=True),
    st.complex_numbers(),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    st.binary(max_size=20),
    arrays(),
)
KEYS = st.one_of(st.text(max_size=5), st.integers(-9, 9))
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(KEYS, inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_a_plain_value_arrives_as_it_was(value):
    assert same(back(frame(value)), value)


class Colour(enum.Enum):
    RED = 1


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (np.float64(1.5), np.float64(1.5)),
        (np.array(2.0), np.array(2.0)),
        (np.arange(6.0).reshape(2, 3).T, np.arange(6.0).reshape(2, 3).T.copy()),
        (np.array([1, 2], ">i4"), np.array([1, 2], "<i4")),
        (object(), Opaque("object")),
        (np.array([object()]), Opaque("array of dtype object")),
        (np.array(["a"]), Opaque("array of dtype str32")),
        ({(1, 2): 3}, Opaque("dict with other keys than text and numbers")),
        ("half \ud800 a letter", "half ? a letter"),
        (slice(1), Opaque("slice")),
        (Colour.RED, Opaque("Colour")),
        (type("Liar", (float,), {"__repr__": lambda self: "9"})(2.0), 2.0),
    ],
)
def test_what_is_not_plain_becomes_plain_or_a_name(value, arrives):
    assert same(back(frame(value)), arrives)


def test_the_judge_may_send_slices_and_names_and_nothing_else():
    value = [slice(None, 3), Colour.RED]
    assert back(frame(value, TRUSTED), TRUSTED) == value
    with pytest.raises(ProtocolError, match="does not belong"):
        back(frame([slice(1)], TRUSTED))
    with pytest.raises(ProtocolError, match="does not belong"):
        back(frame([Colour.RED], TRUSTED))
    with pytest.raises(TypeError, match="object"):
        frame(object(), TRUSTED)


def test_a_read_array_is_its_own_and_may_be_written():
    data = frame([np.zeros(3), np.zeros(3)])
    one, other = back(data)
    one[0] = 1
    assert other[0] == 0


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(10**7),
        [[[[[[[[[[[]]]]]]]]]]],
        list(range(1000)),
        [np.zeros(1)] * 11,
        "x" * 5000,
        10**2000,
    ],
    ids=["bytes", "depth", "nodes", "arrays", "text", "digits"],
)
def test_too_much_is_not_even_written(value):
    with pytest.raises(TooLarge):
        frame(value, SMALL)


F8 = ["<f8", [1]]
REFUSED = {
    "nothing": b"",
    "half a prefix": PREFIX.pack(MAGIC, 1, 0)[:7],
    "another magic word": struct.pack("<4sIQ", b"\x80\x04pi", 2, 0) + b"[]",
    "a pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix",
    "early end of the header": raw([None, []])[:-1],
    "early end of the bytes": raw([["a", 0], [F8]], b"1234567", (23, 8)),
    "a header too long": raw([None, []], sizes=(2**32 - 1, 0)),
    "a body too long": raw([None, []], sizes=(10, 2**64 - 1)),
    "no JSON": raw(b"[null, ["),
    "no UTF-8": raw(b"\xff\xfe"),
    "NaN": raw(b"[NaN, []]"),
    "a float": raw(b"[1.5, []]"),
    "an exponent": raw(b"[1e999, []]"),
    "many digits": raw(b"[" + b"9" * 400 + b", []]"),
    "an object": raw(b'[{"a": 1}, []]'),
    "an object on top": raw({"tree": None}),
    "a duplicate key": raw([["d", ["a", 1], ["a", 2]], []]),
    "a key that is an array": raw([["d", [["a", 0], 2]], [F8]], bytes(8)),
    "a key that is a list": raw([["d", [["l"], 2]], []]),
    "an entry of three": raw([["d", [1, 2, 3]], []]),
    "deep JSON": raw(b"[" * 100_000),
    "a deep tree": raw([json.loads('["l",' * 50 + "0" + "]" * 50), []]),
    "an unknown kind": raw([["z", 1], []]),
    "a kind that is no text": raw([[1, 2], []]),
    "an empty node": raw([[], []]),
    "object dtype": raw([["a", 0], [["|O", [1]]]], bytes(8)),
    "a dtype with fields": raw([["a", 0], [["f8,f8", [1]]]], bytes(16)),
    "a text dtype": raw([["a", 0], [["<U1", [2]]]], bytes(8)),
    "a dtype that is a list": raw([["a", 0], [[["f8"], [1]]]], bytes(8)),
    "a negative size": raw([["a", 0], [["<f8", [-1]]]], bytes(8)),
    "two negative sizes": raw([["a", 0], [["<f8", [-1, -1]]]], bytes(8)),
    "a size that is true": raw([["a", 0], [["<f8", [True]]]], bytes(8)),
    "a size that is text": raw([["a", 0], [["<f8", ["1"]]]], bytes(8)),
    "a huge size": raw([["a", 0], [["<f8", [2**62]]]], b""),
    "huge sizes beside a zero": raw([["a", 0], [["<f8", [0, 2**25, 2**25]]]], b""),
    "many axes": raw([["a", 0], [["|u1", [1] * 40]]], b"1"),
    "too few bytes": raw([["a", 0], [["<f8", [2]]]], bytes(8)),
    "too many bytes": raw([["a", 0], [F8]], bytes(16)),
    "bytes for nobody": raw([None, []], bytes(8)),
    "an array for nobody": raw([None, [F8]], bytes(8)),
    "an array twice": raw([["l", ["a", 0], ["a", 0]], [F8]], bytes(8)),
    "arrays out of order": raw([["l", ["a", 1], ["a", 0]], [F8, F8]], bytes(16)),
    "an array that is not there": raw([["a", 7], [F8]], bytes(8)),
    "an array by text": raw([["a", "0"], [F8]], bytes(8)),
    "an array by truth": raw([["l", ["a", False]], [F8]], bytes(8)),
    "bytes that are floats": raw([["b", 0], [F8]], bytes(8)),
    "a number with axes": raw([["g", 0], [F8]], bytes(8)),
    "a number that is words": raw([["f", "one"], []]),
    "a number with lines in it": raw([["f", "1_0"], []]),
    "a whole number that is not": raw([["i", "1.0"], []]),
    "a whole number too long": raw([["i", "1" * 5000], []]),
    "digits of another script": raw([["i", "\u0661"], []]),
    "half a letter": raw(b'["\\ud800", []]'),
    "half a letter in a name": raw(b'[["o", "\\udfff"], []]'),
    "a name too long": raw([["o", "x" * 1000], []]),
    "a complex number of one part": raw([["c", "1"], []]),
    "a name of a module": raw([["m", "os", "path", "join"], []]),
    "a slice": raw([["s", None, None, None], []]),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_a_malformed_frame_is_refused(data):
    with pytest.raises(ProtocolError):
        back(data)


def test_a_bomb_of_nodes_is_refused_before_it_is_built():
    with pytest.raises(ProtocolError, match="too large"):
        back(raw([["l", *[["l"] for _ in range(300)]], []]), SMALL)
    with pytest.raises(ProtocolError, match="too many"):
        back(raw([None, [["|u1", [0]]] * 11]), SMALL)


def mutated(data: bytes, places: list[tuple[int, int]]) -> bytes:
    """The frame with some bytes changed."""
    found = bytearray(data)
    for place, byte in places:
        found[place % len(found)] = byte
    return bytes(found)


UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from([*"ifcltdagbosm", "<f8", "|O", "|u1", "0", "nan"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=20,
)
LAYOUTS = st.lists(
    st.tuples(
        st.sampled_from(["<f8", "|u1", "<c16", "|b1", "|O", "f8"]),
        st.lists(st.integers(-2, 5), max_size=4),
    ),
    max_size=4,
)
HOSTILE = st.one_of(
    st.binary(max_size=200),
    st.builds(raw, JSON, st.binary(max_size=64)),
    st.builds(
        lambda tree, layouts, body: raw([tree, [list(x) for x in layouts]], body),
        JSON,
        LAYOUTS,
        st.binary(max_size=64),
    ),
    st.builds(
        mutated,
        VALUES.map(frame),
        st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4),
    ),
    st.builds(lambda data, cut: data[: cut % len(data)], VALUES.map(frame), st.integers(0)),
)


def is_plain(value) -> bool:
    """Whether the value is of the kinds that a frame may hold, through and through."""
    if isinstance(value, dict):
        return all(map(is_plain, [*value, *value.values()]))
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "biufc"
    return value is None or type(value) in (bool, int, float, complex, str, bytes, Opaque)


def refuse_or_understand(data: bytes) -> None:
    """Whatever the bytes are: a plain value that can be written again, or a ProtocolError."""
    try:
        value = back(data, SMALL)
    except ProtocolError:
        return
    assert is_plain(value)
    frame(value, Caps(nodes=10**6))


@settings(max_examples=3000, deadline=None, suppress_health_check=UNHURRIED)
@given(HOSTILE)
def test_no_bytes_whatever_do_anything_but_be_read_or_refused(data):
    refuse_or_understand(data)


@pytest.mark.slow
@pytest.mark.timeout(4200)
def test_the_same_for_an_hour():
    end = time.monotonic() + 3600

    @settings(max_examples=20_000, deadline=None, suppress_health_check=UNHURRIED)
    @given(HOSTILE)
    def once(data):
        refuse_or_understand(data)

    while time.monotonic() < end:
        once()


EXPECTED = [
    1.0,
    3,
    1 + 2j,
    True,
    None,
    "text",
    b"bytes",
    np.arange(6.0).reshape(2, 3),
    np.zeros((0, 3), np.float32),
    np.array([True, False]),
    (1.0, 2.0),
    (np.ones(2), "a"),
    {"a": 1.0, "b": np.ones((2, 2))},
]


@settings(max_examples=400, deadline=None, suppress_health_check=UNHURRIED)
@given(
    st.one_of(VALUES, st.tuples(VALUES, VALUES), st.fixed_dictionaries({"a": VALUES, "b": VALUES})),
    st.sampled_from(range(len(EXPECTED))),
    st.booleans(),
)
def test_whatever_arrives_can_be_compared_and_drawn(value, place, dtype):
    for gap in compare(EXPECTED[place], value, Tolerance(1e-5, 1e-8, dtype)):
        assert gap.sentence.encode("utf-8")
        assert len(map_of(gap)) <= 16


@pytest.mark.parametrize("value", [10**400, (1.0, 10**400), ((1.0,), (1, 2)), float("nan")])
def test_strange_numbers_can_be_compared(value):
    for expected in EXPECTED:
        assert compare(expected, value, Tolerance(1e-5, 1e-8)) or expected == value
