"""What scripts written for PyTorch take from the face: older constructors, aliases, constants."""

import math

import pytest

import minidl


def test_dtypes_have_their_short_names():
    pairs = {"half": "float16", "float": "float32", "double": "float64", "short": "int16",
             "int": "int32", "long": "int64"}  # fmt: skip
    for short, full in pairs.items():
        assert getattr(minidl, short) == getattr(minidl, full)
        assert minidl.ones(2, dtype=getattr(minidl, short)).dtype == getattr(minidl, full)


@pytest.mark.parametrize(
    ("name", "dtype"),
    [("FloatTensor", "float32"), ("DoubleTensor", "float64"), ("HalfTensor", "float16"),
     ("LongTensor", "int64"), ("IntTensor", "int32"), ("ShortTensor", "int16"),
     ("CharTensor", "int8"), ("ByteTensor", "uint8"), ("BoolTensor", "bool")],
)  # fmt: skip
def test_older_constructors_take_data_or_sizes(name, dtype):
    make = getattr(minidl, name)
    assert make([1, 0]).tolist() == [1, 0]
    assert make(2, 3).shape == (2, 3)
    assert make().shape == (0,)
    assert {make([1, 0]).dtype, make(2, 3).dtype} == {getattr(minidl, dtype)}
    with pytest.raises(TypeError, match=name):
        make([1], [2])


def test_constants_and_small_questions():
    assert (minidl.pi, minidl.e, minidl.inf) == (math.pi, math.e, math.inf)
    assert math.isnan(minidl.nan)
    assert minidl.numel(minidl.ones(2, 3)) == 6
    assert minidl.ones(2)[:, minidl.newaxis].shape == (2, 1)
    assert minidl.Size([2, 3]) == minidl.ones(2, 3).shape


def test_inference_mode_records_nothing():
    x = minidl.ones(2, requires_grad=True)
    with minidl.inference_mode():
        assert not (x * 2).requires_grad

    @minidl.inference_mode()
    def double(y):
        return y * 2

    assert not double(x).requires_grad
    assert (x * 2).requires_grad


def test_seeds():
    minidl.manual_seed(3)
    assert minidl.initial_seed() == 3
    first = minidl.rand(3)
    minidl.cuda.manual_seed_all(3)
    assert minidl.equal(minidl.rand(3), first)
    assert minidl.seed() == minidl.initial_seed()
