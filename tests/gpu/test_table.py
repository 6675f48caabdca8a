"""Every primitive on the graphics card, against the processor."""

import pytest

from tests.devices.rows import DERIVED, IDS, ROWS, judge_forward, judge_gradients


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_forward_is_the_processors(row):
    judge_forward(row)


@pytest.mark.parametrize("row", DERIVED, ids=lambda r: r.name)
def test_gradients_are_the_processors(row):
    judge_gradients(row)
