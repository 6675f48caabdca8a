"""Data sets that are fetched when first asked for: MNIST, Fashion-MNIST, CIFAR-10."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from ..creation import from_numpy
from .downloads import PublicFile, fetch
from .records import read_cifar, read_idx
from .stacked import TensorDataset
from .transforms import Normalize

MNIST = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/")
FASHION = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
GARMENTS = "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot".split(",")
FILES = {  # (data set, part): pictures, labels
    ("MNIST", "train"): (
        PublicFile(
            "train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873", 9912422, MNIST
        ),
        PublicFile("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432", 28881, MNIST),
    ),
    ("MNIST", "test"): (
        PublicFile("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3", 1648877, MNIST),
        PublicFile("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c", 4542, MNIST),
    ),
    ("Fashion-MNIST", "train"): (
        PublicFile(
            "train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26421880, FASHION
        ),
        PublicFile(
            "train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe", 29515, FASHION
        ),
    ),
    ("Fashion-MNIST", "test"): (
        PublicFile(
            "t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79", 4422102, FASHION
        ),
        PublicFile("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310", 5148, FASHION),
    ),
}
CIFAR = PublicFile(  # the version without pickles
    "cifar-10-binary.tar.gz",
    "c32a1d4ab5d03f1284b67883e8d87530",
    170052171,
    ("https://www.cs.toronto.edu/~kriz/",),
)


def mnist(split: str = "train", *, normalize: bool = False, flat: bool = True) -> TensorDataset:
    """70,000 handwritten digits, 28 x 28 grey values; 60,000 are for training. 12 MB to fetch.

    Inputs (n, 784), or (n, 1, 28, 28) unless `flat`; 0 (paper) to 1 (ink), float32. Labels (n,)
    int64, 0..9. `normalize` subtracts the mean of all training pixels and divides by their
    standard deviation. The files are kept (`MINIDL_DATA` names another folder for them).

    Raises ConnectionError where they are not here and there is no network.
    Source: Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits, 1998.
    """
    return _grey("MNIST", split, tuple("0123456789"), normalize, flat)


def fashion_mnist(
    split: str = "train", *, normalize: bool = False, flat: bool = True
) -> TensorDataset:
    """70,000 garments of ten kinds in MNIST's form, and harder. 31 MB to fetch; see `mnist`.

    Source: H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, arXiv 1708.07747, 2017.
    """
    return _grey("Fashion-MNIST", split, tuple(GARMENTS), normalize, flat)


def cifar10(split: str = "train", *, normalize: bool = False, flat: bool = False) -> TensorDataset:
    """60,000 colour photographs of ten things, 32 x 32; 50,000 are for training. 170 MB to fetch.

    Inputs (n, 3, 32, 32), or (n, 3072) if `flat`; 0..1, float32. Labels (n,) int64, 0..9.
    `normalize` brings each colour to mean 0 and deviation 1 on the training part. See `mnist`.
    Source: A. Krizhevsky, Learning multiple layers of features from tiny images, 2009.
    """
    path, parts = fetch(CIFAR, "CIFAR-10"), _parts(split)
    read = [read_cifar(path, part) for part in parts]
    pictures = np.concatenate([pictures for pictures, _, _ in read])
    labels = np.concatenate([labels for _, labels, _ in read])
    train = pictures
    if normalize and split != "train":
        train = read[0][0] if split == "all" else read_cifar(path, "train")[0]
    found = _set(pictures, labels, read[0][2], train if normalize else None, (0, 2, 3))
    return _flattened(found) if flat else found


def _grey(
    name: str, split: str, classes: tuple[str, ...], normalize: bool, flat: bool
) -> TensorDataset:
    """A set in MNIST's form."""
    read = [_idx(name, part) for part in _parts(split)]
    pictures = np.concatenate([pictures for pictures, _ in read])[:, None]
    labels = np.concatenate([labels for _, labels in read])
    train = _idx(name, "train")[0][:, None] if normalize else None
    found = _set(pictures, labels, classes, train, None)
    return _flattened(found) if flat else found


@lru_cache
def _read(pictures: Path, labels: Path) -> tuple[np.ndarray, np.ndarray]:
    return read_idx(pictures), read_idx(labels)


def _idx(name: str, part: str) -> tuple[np.ndarray, np.ndarray]:
    pictures, labels = (fetch(file, name) for file in FILES[name, part])
    return _read(pictures, labels)


def _parts(split: str) -> tuple[str, ...]:
    """The publisher's own parts: "all" is both.

    Raises ValueError for a split of another name.
    """
    if split not in ("train", "test", "all"):
        raise ValueError(f'split must be "train", "test" or "all", not {split!r}')
    return ("train", "test") if split == "all" else (split,)


def _set(
    pictures: np.ndarray,
    labels: np.ndarray,
    classes: tuple[str, ...],
    train: np.ndarray | None,
    dim: tuple[int, ...] | None,
) -> TensorDataset:
    """Bytes as numbers from 0 to 1, scaled by the training part's statistics where it is given."""
    x = from_numpy(pictures.astype(np.float32) / 255)
    found = TensorDataset(x, from_numpy(labels.astype(np.int64)), classes=classes)
    if train is None:
        return found
    fitted = x if train is pictures else from_numpy(train.astype(np.float32) / 255)
    return Normalize.fit(fitted, dim).apply(found)


def _flattened(found: TensorDataset) -> TensorDataset:
    pictures, labels = found.tensors
    return TensorDataset(pictures.reshape(len(pictures), -1), labels, classes=found.classes)
