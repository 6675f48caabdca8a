"""The course's data: pinned splits, all classes in both parts, statistics of the training part."""

import subprocess
import sys
from hashlib import sha256

import pytest

import minidl
from minidl.data import DataLoader, Normalize, TensorDataset, datasets
from minidl.data.splits import split_indices

PINNED_FIRST = [5, 6, 7, 15, 16]
PINNED_HASH = "3db2c50920c889ba"
SETS = {
    "digits": ((64,), 1797, 10),
    "iris": ((4,), 150, 3),
    "wine": ((13,), 178, 3),
    "breast_cancer": ((30,), 569, 2),
    "diabetes": ((10,), 442, 0),
    "shifted_digits": ((256,), 1797, 10),
    "moons": ((2,), 1000, 2),
    "spirals": ((2,), 1000, 3),
}


@pytest.mark.parametrize("name", SETS)
def test_sets_are_whole_and_their_parts_disjoint(name):
    shape, total, classes = SETS[name]
    make = getattr(datasets, name)
    train, test, whole = make("train"), make("test"), make("all")
    assert len(train) + len(test) == len(whole) == total
    assert abs(len(test) / total - 0.2) < 0.01
    x, y = train.tensors
    assert x.shape[1:] == shape and x.dtype == minidl.float32
    if classes:
        assert y.dtype == minidl.int64 and y.ndim == 1
        for part in (train, test):
            assert set(part.tensors[1].tolist()) == set(range(classes))
    else:
        assert y.dtype == minidl.float32 and y.shape[1:] == (1,)
    again = make("train").tensors
    assert all(minidl.equal(a, b) for a, b in zip(train.tensors, again, strict=True))


@pytest.mark.parametrize("name", SETS)
def test_normalising_uses_the_training_part_alone(name):
    make = getattr(datasets, name)
    train, test = make("train", normalize=True), make("test", normalize=True)
    dim = None if "digits" in name else 0
    mine = Normalize.fit(make("train"), dim)
    assert minidl.equal(mine.apply(make("test")).tensors[0], test.tensors[0])
    x = train.tensors[0]
    assert abs(float(x.mean())) < 1e-4
    assert abs(float((x * x).mean()) - 1) < 1e-3
    assert float(test.tensors[0].mean().abs()) > 1e-6, "the test part keeps its own mean"


def test_the_split_is_pinned():
    """The very indices, for ever: a result on the test part means the same next year."""
    digits = datasets.digits("all").tensors[1].tolist()
    chosen = split_indices("digits", digits, "test")
    assert len(chosen) == 359 and chosen[:5] == PINNED_FIRST
    assert sha256(repr(chosen).encode()).hexdigest()[:16] == PINNED_HASH


def test_digits_as_images_and_another_seed():
    images = datasets.load_digits("test", flat=False).tensors[0]
    assert images.shape == (359, 1, 8, 8)
    assert float(images.min()) == 0 and float(images.max()) == 1
    other = datasets.digits("test", seed=1).tensors[0]
    assert not minidl.equal(other, images.reshape(359, 64))
    assert datasets.digits().classes == tuple("0123456789")


def test_shifted_digits_are_the_digits_elsewhere():
    plain = datasets.digits("test", flat=False)
    moved = datasets.shifted_digits("test", canvas=12, flat=False)
    assert moved.tensors[0].shape == (359, 1, 12, 12)
    assert minidl.equal(plain.tensors[1], moved.tensors[1])
    ink = [d.tensors[0].sum(dim=(1, 2, 3)) for d in (plain, moved)]
    assert minidl.allclose(ink[0], ink[1])
    with pytest.raises(ValueError, match="canvas of 7"):
        datasets.shifted_digits(canvas=7)


def test_moons_and_spirals_follow_their_seed():
    for make in (datasets.moons, datasets.spirals):
        a, b, c = (make(samples=300, seed=s).tensors[0] for s in (0, 0, 1))
        assert minidl.equal(a, b) and not minidl.equal(a, c)
    before = minidl.default_generator.state_dict()
    datasets.moons()
    assert minidl.default_generator.state_dict() == before


def test_photographs():
    pictures = datasets.photographs()
    assert set(pictures) == {"china", "flower"}
    assert all(p.shape == (3, 427, 640) and float(p.max()) <= 1 for p in pictures.values())


def test_a_wrong_split_is_named():
    with pytest.raises(ValueError, match="not 'valid'"):
        datasets.iris("valid")


def test_without_scikit_learn_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    datasets._raw.cache_clear()
    with pytest.raises(ModuleNotFoundError, match=r"pip install minidl\[course\]"):
        datasets.iris()


def test_the_room_does_not_import_scikit_learn():
    code = "import minidl.data, sys; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_set_goes_through_a_loader():
    loader = DataLoader(datasets.iris(normalize=True), 32, shuffle=True)
    assert sum(len(y) for _, y in loader) == len(datasets.iris())
    assert isinstance(datasets.iris(), TensorDataset)
