"""How a row of the table of primitives is judged on a graphics card: numbers and gradients."""

import numpy as np

import minidl
from minidl.primitive import TABLE
from tests.core.rows.row import NO
from tests.core.table import ROWS

IDS = [f"{row.name}-{i}" for i, row in enumerate(ROWS)]
FREE = ("eigh", "svd", "qr")  # columns whose sign a library may choose
DERIVED = [row for row in ROWS if TABLE[row.name].rules and row.nudge != NO]


def params_on(device, row):
    """A row's parameters; a transfer goes to the device, and its gradient comes back from it."""
    here = minidl.device(device)
    return row.params | ({"device": here, "home": here} if row.name == "transfer" else {})


def settled(row, z):
    """A decomposition without what its library may choose.

    That is the sign of each column; and of a complete Q the further columns, of which nothing but
    the space that they span is given.
    """
    if row.name not in FREE:
        return z
    rows, columns = row.inputs[0].shape[-2:]
    values = {"eigh": [0], "svd": [rows], "qr": []}[row.name]  # no part of the vectors
    if row.params.get("complete"):
        more = z[:rows, columns:]
        np.testing.assert_allclose(z[:rows].T @ more, np.eye(rows)[:, columns:], atol=1e-12)
        np.testing.assert_allclose(z[rows:, columns:], 0, atol=1e-12)
        z = z[:, :columns]
    signed = z * np.where(z[..., -1:, :] < 0, -1.0, 1.0)
    signed[..., values, :] = z[..., values, :]
    return signed


def judge_forward(row):
    """Raises where the card computes something else than the row's reference."""
    inputs = [minidl.tensor(x).to("cuda") for x in row.inputs]
    got = TABLE[row.name](*inputs, **params_on("cuda", row))
    assert got.device.type == "cuda"
    expected = np.asarray(row.reference(*row.inputs))
    assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(
        settled(row, got.cpu().numpy()), settled(row, expected), rtol=1e-9, atol=1e-12
    )


def judge_gradients(row):
    """Raises where a gradient on the card is not the processor's."""

    def gradients(device):
        inputs = [minidl.tensor(x).to(device) for x in row.inputs]
        leaves = [x.requires_grad_() for x in inputs if x.dtype.kind in "fc"]
        z = TABLE[row.name](*inputs, **params_on(device, row))
        if not z.requires_grad:
            return []
        z = minidl.view_as_real(z) if z.is_complex() else z
        found = minidl.autograd.grad((z * z).sum(), leaves, allow_unused=True)
        assert all(
            g is None or g.device == leaf.device for g, leaf in zip(found, leaves, strict=True)
        )
        return [None if g is None else g.cpu().numpy() for g in found]

    for mine, expected in zip(gradients("cuda"), gradients("cpu"), strict=True):
        assert (mine is None) == (expected is None)
        if mine is not None and expected is not None:
            np.testing.assert_allclose(mine, expected, rtol=1e-8, atol=1e-10)
