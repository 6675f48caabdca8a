"""A wrong array as a map, and the map as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from minidl.grading.compare import Tolerance, compare
from minidl.grading.maps import map_of, picture
from minidl.grading.marks import PartMark

EXACT = Tolerance(0, 1e-9)


def gap(expected, got):
    """The first gap between two arrays."""
    return compare(np.asarray(expected), np.asarray(got), EXACT)[0]


def test_digits_say_how_large_an_error_is() -> None:
    rows = map_of(gap(np.zeros((2, 3)), [[0, 0, 9.0], [1.0, 0, 4.5]]))
    assert rows == ("..9", "1.5")


@pytest.mark.parametrize(
    ("got", "rows"),
    [
        ([np.nan, 0.0], ("9.",)),
        ([np.inf, 2.0], ("99",)),
        ([1e-300, 1.0], (".9",)),
    ],
)
def test_a_line_and_numbers_that_are_none(got, rows) -> None:
    assert map_of(gap(np.zeros(2), got)) == rows


def test_large_and_deep_arrays_are_gathered() -> None:
    got = np.zeros((3, 40, 100))
    got[2, 39, 99] = 1
    rows = map_of(gap(np.zeros_like(got), got))
    assert (len(rows), {len(row) for row in rows}) == (16, {32})
    assert "".join(rows).strip(".") == "9" and rows[-1][-1] == "9"


@pytest.mark.parametrize(("expected", "got"), [(0.0, 1.0), ([0.0], [[0.0]]), ("a", "b")])
def test_what_has_no_array_has_no_map(expected, got) -> None:
    expected = np.asarray(expected) if not isinstance(expected, str) else expected
    assert map_of(compare(expected, got, EXACT)[0]) == () == map_of(None)
    assert picture(()) == ""


def test_the_picture_is_sound_and_small_at_its_largest() -> None:
    drawn = picture(["9" * 32] * 16)
    tree = ET.fromstring(drawn)
    assert tree.get("aria-label") == "512 of 512 squares are wrong; darker is a larger error"
    assert len(drawn) < 12_000
    ET.fromstring(picture(["<&>", "12"]))


def test_results_do_not_show_the_map() -> None:
    mark = PartMark("01.mul/values", "values", 0, 2, "failed", "No.", 0.1, ("1.",))
    keys = ["id", "title", "points", "max_points", "status", "message", "seconds"]
    assert list(mark.as_record()) == keys
