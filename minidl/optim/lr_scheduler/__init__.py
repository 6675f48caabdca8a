"""Schedules: how the learning rate changes while the network learns."""

from .cosine import CosineAnnealingLR
from .one_cycle import OneCycleLR
from .plateau import ReduceLROnPlateau
from .restarts import CosineAnnealingWarmRestarts
from .scheduler import LRScheduler
from .sequence import SequentialLR
from .steps import ExponentialLR, LambdaLR, MultiStepLR, StepLR
from .warmup import ConstantLR, LinearLR

__all__ = [
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
