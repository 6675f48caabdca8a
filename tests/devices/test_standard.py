"""The array standard's own array module, with its second device.

Its arrays can neither be read by NumPy nor meet those of another device. A primitive whose rule
says more than the standard knows is skipped, with what it said; the stand-in has those.
"""

import numpy as np
import pytest

from minidl.primitive import TABLE
from tests.core.table import ROWS

pytestmark = pytest.mark.filterwarnings("ignore:You are comparing a array_api_strict dtype")
xp = pytest.importorskip("array_api_strict")
BEYOND = (AttributeError, TypeError, IndexError)  # how it refuses what the standard does not have


def attempt(row):
    """The primitive's result on the second device, as a NumPy array."""
    there, here = xp.Device("device1"), xp.Device("CPU_DEVICE")
    inputs = [xp.asarray(np.asarray(x), device=there) for x in row.inputs]
    z = TABLE[row.name].forward(xp, *inputs, **row.params)
    assert z.device == there
    return np.asarray(xp.asarray(z, device=here))


@pytest.mark.parametrize("row", [r for r in ROWS if r.name != "transfer"], ids=lambda r: r.name)
def test_forward_stays_on_its_device(row):
    try:
        got = attempt(row)
    except BEYOND as error:
        pytest.skip(f"says more than the standard: {error}"[:100])
    np.testing.assert_allclose(got, row.reference(*row.inputs), rtol=1e-9)


def test_so_many_primitives_keep_to_the_standard():
    kept = set()
    for row in ROWS:
        try:
            attempt(row)
            kept.add(row.name)
        except (*BEYOND, RuntimeError):
            continue
    assert len(kept) >= 50, sorted(kept)
