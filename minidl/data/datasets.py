"""The course's real data: what scikit-learn carries, split once and for all; what is fetched."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np

from ..creation import from_numpy
from ..tensors import Tensor
from .downloaded import cifar10, fashion_mnist, mnist
from .pictures import ImageFolder
from .splits import split_indices
from .stacked import TensorDataset
from .synthetic import moons, spirals
from .transforms import Normalize

__all__ = [
    "ImageFolder",
    "breast_cancer",
    "cifar10",
    "diabetes",
    "digits",
    "fashion_mnist",
    "iris",
    "load_digits",
    "mnist",
    "moons",
    "photographs",
    "shifted_digits",
    "spirals",
    "wine",
]


def digits(
    split: str = "train", *, normalize: bool = False, flat: bool = True, seed: int = 0
) -> TensorDataset:
    """1,797 handwritten digits, 8 x 8 grey values, scanned from forms.

    Inputs (n, 64), or (n, 1, 8, 8) unless `flat`; 0 (paper) to 1 (ink), float32. Labels (n,)
    int64, 0..9. `normalize` subtracts the mean of all training pixels and divides by their
    standard deviation.
    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998.
    """
    x, y, classes = _raw("digits")
    x = (x / 16).reshape((-1, 64) if flat else (-1, 1, 8, 8))
    return _part("digits", x, y, classes, split, None if normalize else (), seed)


load_digits = digits  # scikit-learn's name for it


def iris(split: str = "train", *, normalize: bool = False, seed: int = 0) -> TensorDataset:
    """150 flowers of three species. Inputs (n, 4): lengths and widths in cm. Labels (n,) 0..2.

    Source: R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936.
    """
    return _part("iris", *_raw("iris"), split, 0 if normalize else (), seed)


def wine(split: str = "train", *, normalize: bool = False, seed: int = 0) -> TensorDataset:
    """178 wines of three growers. Inputs (n, 13): chemical measurements. Labels (n,) 0..2.

    Source: M. Forina et al., PARVUS; UCI, 1991.
    """
    return _part("wine", *_raw("wine"), split, 0 if normalize else (), seed)


def breast_cancer(split: str = "train", *, normalize: bool = False, seed: int = 0) -> TensorDataset:
    """569 tumours. Inputs (n, 30): measurements of cell nuclei. Labels (n,): 0 malignant, 1 benign.

    Source: W. N. Street, W. H. Wolberg, O. L. Mangasarian, Nuclear feature extraction, 1993.
    """
    return _part("breast_cancer", *_raw("breast_cancer"), split, 0 if normalize else (), seed)


def diabetes(split: str = "train", *, normalize: bool = False, seed: int = 0) -> TensorDataset:
    """442 patients. Inputs (n, 10): age, sex, body mass index, blood values, in their own units.

    Targets (n, 1) float32: progression of the disease after a year, 25 to 346. They have a second
    axis because a linear layer's output has one: (n,) against (n, 1) would broadcast to (n, n).
    Source: B. Efron et al., Least Angle Regression, Annals of Statistics, 2004.
    """
    x, y, classes = _raw("diabetes")
    return _part("diabetes", x, y.reshape(-1, 1), classes, split, 0 if normalize else (), seed)


def shifted_digits(
    split: str = "train",
    *,
    canvas: int = 16,
    normalize: bool = False,
    flat: bool = True,
    seed: int = 0,
) -> TensorDataset:
    """The digits, each at a place of its own on a larger dark square of `canvas` x `canvas` pixels.

    Inputs (n, canvas * canvas), or (n, 1, canvas, canvas) unless `flat`, in 0..1; labels (n,) 0..9.
    The same digits are in the test set as in `digits`; the places follow from `seed`.
    """
    if canvas < 8:
        raise ValueError(f"a digit is 8 pixels wide; a canvas of {canvas} cannot hold it")
    x, y, classes = _raw("digits")
    places = [sha256(f"place:{seed}:{i}".encode()).digest() for i in range(len(x))]
    corner = np.array([(p[0], p[1]) for p in places]) % (canvas - 7)
    rows = corner[:, 0, None, None] + np.arange(8)[:, None]
    columns = corner[:, 1, None, None] + np.arange(8)
    images = np.zeros((len(x), canvas, canvas), np.float32)
    images[np.arange(len(x))[:, None, None], rows, columns] = x.reshape(-1, 8, 8) / 16
    images = images.reshape((len(x), -1) if flat else (len(x), 1, canvas, canvas))
    return _part("digits", images, y, classes, split, None if normalize else (), seed)


def photographs() -> dict[str, Tensor]:
    """Two colour photographs by name, "china" and "flower": float32 (3, 427, 640), 0..1."""
    images = _sklearn().load_sample_images()
    names = [str(file).replace("\\", "/").split("/")[-1].split(".")[0] for file in images.filenames]
    pictures = [image.transpose(2, 0, 1).astype(np.float32) / 255 for image in images.images]
    return {name: from_numpy(picture) for name, picture in zip(names, pictures, strict=True)}


def _part(
    name: str,
    x: np.ndarray,
    y: np.ndarray,
    classes: tuple[str, ...],
    split: str,
    normalize: Any,
    seed: int,
) -> TensorDataset:
    """The samples of a split; `normalize` holds the axes of `Normalize.fit`, or () for raw."""
    labels = y.tolist() if classes else [0] * len(y)  # targets that are measured have one stratum
    chosen = split_indices(name, labels, split, seed)
    part = TensorDataset(from_numpy(x[chosen]), from_numpy(y[chosen]), classes=classes)
    if normalize == ():
        return part
    train = x[split_indices(name, labels, "train", seed)]
    return Normalize.fit(from_numpy(train), normalize).apply(part)


@lru_cache
def _raw(name: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Inputs as float32; targets as int64 (labels) or float32 (measured); the classes' names."""
    options = {"scaled": False} if name == "diabetes" else {}
    bunch = getattr(_sklearn(), f"load_{name}")(**options)
    classes = tuple(str(c) for c in bunch.get("target_names", ()))
    x, y = bunch.data.astype(np.float32), bunch.target.astype(np.int64 if classes else np.float32)
    for array in (x, y):
        array.flags.writeable = False  # the cache hands the same arrays to everyone
    return x, y, classes


def _sklearn() -> Any:
    try:
        import sklearn.datasets
    except ImportError as error:
        raise ModuleNotFoundError(
            "this data set ships inside scikit-learn, which is not installed; "
            "get it with: pip install minidl[course]"
        ) from error
    return sklearn.datasets
