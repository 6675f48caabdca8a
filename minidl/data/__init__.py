"""From a pile of samples to batches: data sets, samplers, the loader, transforms, text."""

from . import datasets, text, transforms
from .collate import default_collate, default_convert
from .dataset import ChainDataset, ConcatDataset, Dataset, IterableDataset
from .loader import DataLoader
from .pictures import ImageFolder, decode_image, read_image
from .randomness import item_generator
from .sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from .stacked import StackDataset, TensorDataset
from .transforms import Compose, Normalize, RandomShift, ToTensor
from .views import Subset, Transformed, random_split
from .workers import WorkerInfo, get_worker_info

__all__ = [
    "BatchSampler",
    "ChainDataset",
    "Compose",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "ImageFolder",
    "IterableDataset",
    "Normalize",
    "RandomSampler",
    "RandomShift",
    "Sampler",
    "SequentialSampler",
    "StackDataset",
    "Subset",
    "SubsetRandomSampler",
    "TensorDataset",
    "ToTensor",
    "Transformed",
    "WeightedRandomSampler",
    "WorkerInfo",
    "datasets",
    "decode_image",
    "default_collate",
    "default_convert",
    "get_worker_info",
    "item_generator",
    "random_split",
    "read_image",
    "text",
    "transforms",
]
