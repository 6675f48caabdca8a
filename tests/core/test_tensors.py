"""Tensor: dtypes and promotion, views, indexing, printing, conversions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import minidl

KINDS = [
    minidl.float64,
    minidl.float32,
    minidl.float16,
    minidl.int64,
    minidl.int32,
    minidl.uint8,
    minidl.bool,
]


def test_python_data_get_pytorchs_dtypes():
    assert minidl.tensor(1.0).dtype == minidl.float32
    assert minidl.tensor([1, 2]).dtype == minidl.int64
    assert minidl.tensor([True]).dtype == minidl.bool
    assert minidl.tensor(np.zeros(2)).dtype == minidl.float64
    assert minidl.tensor([minidl.tensor(1.0), 2]).tolist() == [1.0, 2.0]


def test_a_python_number_never_widens_a_tensor():
    for kind in (minidl.float16, minidl.float32, minidl.float64):
        assert (minidl.ones(2, dtype=kind) * 2.5).dtype == kind
        assert (2 - minidl.ones(2, dtype=kind)).dtype == kind
    assert (minidl.ones(2, dtype=minidl.uint8) * 2).dtype == minidl.uint8
    assert (minidl.arange(3) * 0.5).dtype == minidl.float32
    assert (minidl.arange(3) / 2).dtype == minidl.float32
    assert minidl.arange(3).exp().dtype == minidl.float32


def test_a_tensor_without_dimensions_widens_only_across_kinds():
    wide = minidl.tensor(2.0, dtype=minidl.float64)
    assert (minidl.ones(2) * wide).dtype == minidl.float32
    assert (minidl.arange(2) * wide).dtype == minidl.float64


@pytest.mark.torch
def test_promotion_is_pytorchs():
    torch = pytest.importorskip("torch")
    made = lambda kind, shape: (  # noqa: E731
        minidl.ones(shape, dtype=kind),
        torch.ones(shape, dtype=getattr(torch, kind.name)),
    )
    for a in KINDS:
        for b in KINDS:
            for shapes in (((2,), (2,)), ((2,), ()), ((), (2,)), ((), ())):
                (x, tx), (y, ty) = made(a, shapes[0]), made(b, shapes[1])
                assert str((tx * ty).dtype) == f"torch.{(x * y).dtype}", (a, b, shapes)
                assert str((tx / ty).dtype) == f"torch.{(x / y).dtype}", (a, b, shapes)
        for number in (True, 3, 2.5):
            x, tx = made(a, (2,))
            assert str((tx * number).dtype) == f"torch.{(x * number).dtype}", (a, number)


# Views ----------------------------------------------------------------------------------------


def test_views_share_memory():
    x = minidl.arange(12)
    for view in (x.reshape(3, 4), x.view(3, 4).t(), x[2:5], x.unsqueeze(0), x.detach(), x.data):
        assert np.shares_memory(view.array, x.array)
    x.view(3, 4)[1, 2].fill_(100)
    assert x[6].item() == 100
    with pytest.raises(minidl.ShapeError, match="reshape"):
        x.view(3, 4).t().view(12)


def test_a_tensor_from_data_is_a_copy_and_from_numpy_is_not():
    array = np.zeros(3)
    copy, shared = minidl.tensor(array), minidl.from_numpy(array)
    array[0] = 5
    assert (copy[0].item(), shared[0].item()) == (0, 5)


# Indexing -------------------------------------------------------------------------------------

_piece = st.one_of(
    st.integers(-3, 2),
    st.builds(slice, st.none() | st.integers(-4, 4), st.none() | st.integers(-4, 4)),
    st.just(None),
    st.lists(st.integers(-3, 2), min_size=1, max_size=3),
)


@pytest.mark.torch
@settings(max_examples=150, deadline=None)
@given(st.lists(_piece, max_size=4), st.booleans())
def test_keys_pick_and_write_what_they_do_in_pytorch(pieces, dots):
    torch = pytest.importorskip("torch")
    lists = [i for i, k in enumerate(pieces) if isinstance(k, list)]
    for i in lists:  # index arrays must broadcast
        pieces[i] = pieces[i][:1] if len(lists) > 1 else pieces[i]
    key: Any = (*pieces[:1], ..., *pieces[1:]) if dots else tuple(pieces)
    array = np.arange(81.0).reshape(3, 3, 3, 3)
    found = []
    for m in (minidl, torch):
        x = m.tensor(array, requires_grad=True)
        v = m.tensor([-1.0], dtype=m.float64, requires_grad=True)
        got = x[key]
        (got * got).sum().backward()
        z = x * 2
        z[key] = v
        gx, gv = m.autograd.grad((z * z * x.detach()).sum(), [x, v])
        found.append([y.tolist() for y in (got, x.grad, z, gx)])
        if not any(len(set(k)) < len(k) for k in pieces if isinstance(k, list)):
            found[-1].append(gv.tolist())
    assert found[0] == found[1]


def test_masks_and_tensor_positions():
    x = minidl.tensor([[1.0, -2.0], [-3.0, 4.0]], requires_grad=True)
    assert x[x > 0].tolist() == [1.0, 4.0]
    assert x[minidl.tensor([1, 0, 1])].shape == (3, 2)
    assert x[:, minidl.tensor([True, False])].tolist() == [[1.0], [-3.0]]
    x[x < 0].sum().backward()
    assert x.grad.tolist() == [[0, 1], [1, 0]]


def test_assignment():
    x = minidl.zeros(3, 3)
    x[1] = 5
    x[:, 0] = minidl.tensor([1.0, 2.0, 3.0])
    x[x == 5] = -1
    x[[0, 2], [1, 2]] = 7
    assert x.tolist() == [[1, 7, 0], [2, -1, -1], [3, 0, 7]]


def test_a_view_that_is_gone_stands_in_nobodys_way():
    rows, w = minidl.zeros(3, 2), minidl.ones(2, requires_grad=True)
    assert rows[0].sum().item() == 0
    rows[0] = w
    rows[1] = rows[0] + w
    kept = rows[2]
    with pytest.raises(minidl.GradientError, match="still in use"):
        rows[2] = w
    with pytest.raises(minidl.GradientError, match=r"x\[i\] = x\[i\] \+ y"):
        kept += w
    del kept
    rows.sum().backward()
    assert w.grad.tolist() == [3, 3]


def test_a_tensor_with_a_long_past_does_not_remember_every_view_it_had():
    x = minidl.zeros(4)
    for _ in range(100):
        x[:2].add_(1)
    assert len(x.version.users) < 10
    views = x.unbind()
    assert x.version.used_beside(x) and len(views) == 4


@pytest.mark.parametrize("key", [5, (0, 9), (0, 0, 0), "a", 1.5, slice(None, None, -1)])
def test_impossible_keys_are_refused(key):
    with pytest.raises((IndexError, ValueError)):
        minidl.zeros(2, 3)[key]


def test_an_index_out_of_range_names_the_dimension():
    with pytest.raises(IndexError, match="dimension 1, whose size is 3"):
        minidl.zeros(2, 3)[0, 3]


# Printing and leaving -------------------------------------------------------------------------


@pytest.mark.torch
@pytest.mark.parametrize(
    "data",
    [
        1.5,
        [1.0, 2.0],
        [0.1, -0.25, 10.0],
        [[1.0, 2.5], [-3.0, 4.0]],
        [1, 2, 3],
        [True, False],
        [],
        [float("nan"), 1.0],
        [float("inf"), -1.5],
        [1e10, 1.0],
        [1e-6, 0.5],
    ],
)
def test_printing_is_pytorchs(data):
    torch = pytest.importorskip("torch")
    assert repr(minidl.tensor(data)) == repr(torch.tensor(data))


def test_printing_names_what_is_special():
    x = minidl.ones(2, requires_grad=True)
    assert repr(x) == "tensor([1., 1.], requires_grad=True)"
    assert repr(x * 2) == "tensor([2., 2.], grad_fn=<mul>)"
    assert repr(minidl.ones(1, dtype=minidl.float64)) == "tensor([1.], dtype=minidl.float64)"


def test_out_of_the_tensor_world():
    x = minidl.tensor([[1.0, 2.0]])
    assert x.tolist() == [[1.0, 2.0]] and len(x) == 1 and x.numel() == 2
    assert np.asarray(x).tolist() == [[1.0, 2.0]]
    assert float(x[0, 1]) == 2.0 and f"{x[0, 1]:.1f}" == "2.0"
    assert [row.tolist() for row in x] == [[1.0, 2.0]]
    with pytest.raises(minidl.ShapeError, match=r"\(1, 2\)"):
        x.item()
    with pytest.raises(minidl.ShapeError, match="ambiguous"):
        bool(x)
    with pytest.raises(TypeError, match="length"):
        len(x[0, 0])


def test_numpy_arrays_and_scalars_mix_with_tensors():
    x = minidl.tensor([1.0, 2.0])
    for result in (np.ones(2, np.float32) * x, x * np.ones(2, np.float32), np.float32(1) * x):
        assert isinstance(result, minidl.Tensor) and result.dtype == minidl.float32
        assert result.tolist() == [1.0, 2.0]


def test_to_converts_dtype_and_device():
    x = minidl.ones(2)
    assert x.to(minidl.float64).dtype == minidl.float64
    assert x.to("cpu") is x and x.long().dtype == minidl.int64
    assert x.to(minidl.zeros(1, dtype=minidl.int32)).dtype == minidl.int32
    with pytest.raises(minidl.DeviceError, match="tpu"):
        minidl.device("tpu")
    if not minidl.cuda.is_available():
        with pytest.raises(minidl.DeviceError, match="doctor"):
            x.to("cuda")


def test_creation():
    assert minidl.arange(5).tolist() == [0, 1, 2, 3, 4]
    assert minidl.arange(5, 0, -2).tolist() == [5, 3, 1]
    assert minidl.arange(0, 1, 0.25).tolist() == [0, 0.25, 0.5, 0.75]
    assert minidl.linspace(0, 1, 5).tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert minidl.eye(2, 3).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert minidl.full((2,), 7).dtype == minidl.int64
    assert minidl.zeros((2, 3)).shape == minidl.zeros(2, 3).shape == (2, 3)
    assert minidl.zeros(()).shape == minidl.zeros(0).shape[1:] == ()
    assert minidl.ones_like(minidl.arange(2)).dtype == minidl.int64


def test_integers_are_worked_on_where_they_lie():
    x = minidl.tensor([1, 2], dtype=minidl.uint8)
    y = minidl.tensor(3)
    place = y.data_ptr()
    y.add_(1)
    y *= 5
    y -= 2
    assert y.item() == 18 and y.data_ptr() == place
    x += 255
    assert x.tolist() == [0, 1]
    small = minidl.tensor([100], dtype=minidl.int8)
    small += 1000
    assert small.tolist() == [(1100 + 128) % 256 - 128]
    with pytest.raises(TypeError):
        y /= 2
