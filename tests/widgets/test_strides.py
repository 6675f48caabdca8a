"""The stride explorer without a page: messages in, scenes out, whoever made the array."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from minidl_widgets import StrideExplorer
from minidl_widgets.arrays import look
from minidl_widgets.looks import key_of, whole_numbers

import minidl

from .windows import forgetful, solution, unfinished

Array = solution()["Array"]
ODD = [
    np.arange(24).reshape(2, 3, 4),
    np.arange(24).reshape(4, 6)[::-2, 1::2].T,
    np.broadcast_to(np.arange(3.0)[1:], (4, 2)),
    np.asfortranarray(np.arange(12).reshape(3, 4))[1:],
    np.lib.stride_tricks.as_strided(np.arange(10), (3, 4), (16, 8)),
    np.imag(np.arange(6, dtype=complex)[::2]),
    np.frombuffer(bytes(range(8)), np.uint8)[2:].reshape(2, 3),
    np.float32(7.0),
    np.zeros((3, 0, 2)),
    np.array(5),
    [[1, 2], [3, 4]],
    Array(np.arange(12), (3, 4)).permute(1, 0)[1:],
    minidl.arange(12).reshape(3, 4).t()[:, 1:],
    minidl.tensor(3.0),
]


def numbers_of(x) -> np.ndarray:
    if isinstance(x, Array):
        return np.array(x.numbers()).reshape(x.shape)
    return np.asarray(x.numpy() if isinstance(x, minidl.Tensor) else x)


def flat(explorer: StrideExplorer) -> list[dict]:
    return [c for block in explorer.scene["blocks"] for row in block["rows"] for c in row]


@pytest.mark.parametrize("x", ODD, ids=range(len(ODD)))
def test_a_window_reads_what_the_array_holds(x):
    window, true = look(x), numbers_of(x)
    assert window.shape == true.shape
    for index in product(*map(range, true.shape)):
        assert window.number(index) == true[index]


def test_views_are_views_of_the_whole_buffer():
    whole = np.arange(24)
    window = look(whole.reshape(4, 6)[1:, ::2])
    assert (len(window.buffer), window.strides, window.offset) == (24, (6, 2), 6)
    assert np.shares_memory(window.buffer, whole)


def test_what_is_no_array_is_refused():
    with pytest.raises(TypeError, match="An array of numbers was expected, got str"):
        StrideExplorer("text")


@pytest.mark.parametrize(
    "x",
    [Array(np.arange(12), (3, 4)), np.arange(12).reshape(3, 4), minidl.arange(12).reshape(3, 4)],
)
def test_an_array_changes_itself_and_back(x):
    explorer = StrideExplorer(x)
    explorer._hear(None, {"type": "change", "way": "permute", "text": "1, 0"}, [])
    explorer._hear(None, {"type": "change", "way": "slice", "text": "1:, ::2"}, [])
    scene = explorer.scene
    assert (scene["shape"], scene["strides"], scene["offset"]) == ([3, 2], [1, 8], 1)
    assert scene["memory"] == "the same buffer: a view"
    assert [cell["text"] for cell in flat(explorer)] == ["1", "9", "2", "10", "3", "11"]
    assert flat(explorer)[1]["say"] == "[0, 1] reads place 9 = 1 + 0 · 1 + 1 · 8, and finds 9."
    assert [cell["read"] for cell in scene["buffer"]] == [0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1]
    explorer.change("reshape", "(6,)")
    assert explorer.scene["memory"] == "a copy"
    explorer.undo()
    explorer.change("expand", "2, 3, 2")
    assert explorer.scene["strides"] == [0, 1, 8]
    assert explorer.scene["differs"] == explorer.scene["problem"] == ""
    explorer._hear(None, {"type": "undo"}, [])
    explorer._hear(None, {"type": "reset"}, [])
    assert explorer.scene["chain"] == ["x"] and explorer.array is not None
    assert explorer.scene["memory"] == ""


@pytest.mark.parametrize(
    ("way", "text", "said"),
    [
        ("permute", "0; 1", "no list of whole numbers; write one such as 3, 4."),
        ("slice", "1:2:3:4", "no slice; write one such as 1:3, ::2"),
        ("reshape", "5", "x.reshape(5): "),
        ("expand", "7, 4", "x.expand(7, 4): "),
        ("slice", "9", "x[9]: IndexError: "),
        ("turn", "1", "There is no way called 'turn'"),
    ],
)
@pytest.mark.parametrize("x", [Array(np.arange(12), (3, 4)), minidl.arange(12).reshape(3, 4)])
def test_what_cannot_be_done_is_said_and_nothing_changes(x, way, text, said):
    explorer = StrideExplorer(x)
    explorer.change(way, text)
    assert said in explorer.scene["problem"]
    assert explorer.scene["chain"] == ["x"] and explorer.scene["shape"] == [3, 4]
    explorer.change("permute", "1 0")
    assert explorer.scene["problem"] == ""


def test_a_method_that_is_not_written_yet_says_so():
    explorer = StrideExplorer(unfinished()(np.arange(12), (3, 4)))
    explorer.change("permute", "1, 0")
    assert explorer.scene["problem"] == (
        "x.permute(1, 0): this is not written yet (02.views: write your lines here)."
    )


def test_a_wrong_permute_is_shown_beside_numpys():
    explorer = StrideExplorer(forgetful()(np.arange(12), (3, 4)))
    assert explorer.scene["differs"] == ""
    explorer.change("permute", "1, 0")
    kinds = [cell["kind"] for cell in flat(explorer)]
    assert (kinds.count("differs"), kinds.count("outside"), kinds[0]) == (6, 3, "")
    assert explorer.scene["differs"] == "9 numbers are not what NumPy has after the same steps."
    assert flat(explorer)[1]["say"].endswith("and finds 1. NumPy has 4 here.")
    assert flat(explorer)[9]["say"] == (
        "[3, 0] asks for place 12 = 0 + 3 · 4 + 0 · 1, but the buffer has 12 numbers."
    )


def test_what_numpy_would_refuse_is_said():
    class Careless(Array):
        def expand(self, *shape):
            return Careless(self.buffer, shape, [0] * len(shape))

    explorer = StrideExplorer(Careless(np.arange(3), (3,)))
    explorer.change("expand", "4")
    assert explorer.scene["differs"].startswith("NumPy refuses to do this: ")
    explorer.change("permute", "0")
    assert explorer.scene["differs"].startswith("NumPy refuses to do this: ")
    explorer.reset()
    explorer.change("expand", "2, 3")
    assert explorer.scene["differs"] == "4 numbers are not what NumPy has after the same steps."


def test_there_is_an_end_to_changes():
    explorer = StrideExplorer(np.arange(4).reshape(2, 2))
    for _ in range(20):
        explorer.change("permute", "1, 0")
    assert len(explorer.scene["chain"]) == 13
    assert "take some back" in explorer.scene["problem"]


def test_large_arrays_are_drawn_in_part():
    explorer = StrideExplorer(np.arange(1_000_000).reshape(100, 100, 100)[50:, :, ::-1])
    scene = explorer.scene
    assert scene["left"] == "576 of 500,000 numbers are drawn."
    assert (scene["start"], len(scene["buffer"]), scene["size"]) == (500_086, 96, 1_000_000)


def test_an_array_without_numbers():
    explorer = StrideExplorer(Array(np.zeros(0), (3, 0)))
    assert flat(explorer) == [] and explorer.scene["size"] == 0
    assert "<svg" in explorer._repr_mimebundle_()[0]["image/svg+xml"]


def test_on_paper():
    explorer = StrideExplorer(np.arange(12).reshape(3, 4), name="table")
    explorer.change("permute", "1, 0")
    data = explorer._repr_mimebundle_()[0]
    words = (
        "StrideExplorer: table.permute(1, 0), shape (4, 3), strides (1, 4), offset 0, buffer of 12"
    )
    assert data["text/plain"] == str(explorer) == words
    picture = data["image/svg+xml"]
    assert words in picture and picture.count('class="card ') == 24
    again = StrideExplorer(np.arange(12).reshape(3, 4), name="table")
    again.change("permute", "1, 0")
    assert again._repr_mimebundle_()[0]["image/svg+xml"] == picture


def test_texts_are_read_kindly():
    assert whole_numbers(" (2, 3,) ") == whole_numbers("2 3") == (2, 3)
    assert whole_numbers("()") == () and whole_numbers("−1") == (-1,)
    assert key_of("[1:3, ::-1, 0, ...]") == (slice(1, 3), slice(None, None, -1), 0, ...)
    for text in ("", "1,,2", "a", "1.5", ":::"):
        with pytest.raises(ValueError, match="is no slice"):
            key_of(text)
