"""From a pile of samples to batches: data sets, samplers, the loader, transforms."""

from . import datasets
from .collate import default_collate
from .dataset import (
    ConcatDataset,
    Dataset,
    IterableDataset,
    Subset,
    TensorDataset,
    Transformed,
    random_split,
)
from .loader import DataLoader
from .randomness import item_generator
from .sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from .transforms import Compose, Normalize, RandomShift, ToTensor

__all__ = [
    "BatchSampler",
    "Compose",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "IterableDataset",
    "Normalize",
    "RandomSampler",
    "RandomShift",
    "Sampler",
    "SequentialSampler",
    "Subset",
    "SubsetRandomSampler",
    "TensorDataset",
    "ToTensor",
    "Transformed",
    "WeightedRandomSampler",
    "datasets",
    "default_collate",
    "item_generator",
    "random_split",
]
