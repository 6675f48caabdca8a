"""Every primitive on the graphics card, against the processor: numbers and gradients."""

import numpy as np
import pytest

import minidl
from minidl.primitive import TABLE
from tests.core.table import ROWS

IDS = [f"{row.name}-{i}" for i, row in enumerate(ROWS)]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_forward_is_the_processors(row):
    inputs = [minidl.tensor(x).to("cuda") for x in row.inputs]
    got = TABLE[row.name](*inputs, **row.params)
    assert got.device.type == "cuda"
    expected = np.asarray(row.reference(*row.inputs))
    np.testing.assert_allclose(got.cpu().numpy(), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("row", [r for r in ROWS if TABLE[r.name].rules], ids=lambda r: r.name)
def test_gradients_are_the_processors(row):
    def gradients(device):
        inputs = [minidl.tensor(x).to(device) for x in row.inputs]
        leaves = [x.requires_grad_() for x in inputs if x.dtype.kind in "fc"]
        z = TABLE[row.name](*inputs, **row.params)
        if not z.requires_grad:
            return []
        z = minidl.view_as_real(z) if z.is_complex() else z
        found = minidl.autograd.grad((z * z).sum(), leaves, allow_unused=True)
        return [None if g is None else g.cpu().numpy() for g in found]

    for mine, expected in zip(gradients("cuda"), gradients("cpu"), strict=True):
        assert (mine is None) == (expected is None)
        if mine is not None and expected is not None:
            np.testing.assert_allclose(mine, expected, rtol=1e-8, atol=1e-10)
