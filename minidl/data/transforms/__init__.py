"""Changes of images, under torchvision's names: fixed ones, and random ones that augment.

The same image a little moved, turned or brightened is a new example with a known label. Each class
takes and gives tensors (..., C, H, W); `functional` has the changes as functions.
"""

from . import functional
from .composing import Compose, Lambda, RandomApply, RandomChoice, RandomOrder
from .cropping import CenterCrop, Pad, RandomCrop, RandomShift
from .flipping import RandomHorizontalFlip, RandomVerticalFlip
from .jitter import ColorJitter, Grayscale, RandomGrayscale
from .noise import GaussianNoise, RandomErasing
from .resizing import RandomResizedCrop, Resize
from .scaling import ConvertImageDtype, Normalize, PILToTensor, ToTensor
from .transform import RandomTransform, Transform
from .turning import RandomAffine, RandomRotation
from .warping import InterpolationMode

__all__ = [
    "CenterCrop",
    "ColorJitter",
    "Compose",
    "ConvertImageDtype",
    "GaussianNoise",
    "Grayscale",
    "InterpolationMode",
    "Lambda",
    "Normalize",
    "PILToTensor",
    "Pad",
    "RandomAffine",
    "RandomApply",
    "RandomChoice",
    "RandomCrop",
    "RandomErasing",
    "RandomGrayscale",
    "RandomHorizontalFlip",
    "RandomOrder",
    "RandomResizedCrop",
    "RandomRotation",
    "RandomShift",
    "RandomTransform",
    "RandomVerticalFlip",
    "Resize",
    "ToTensor",
    "Transform",
    "functional",
]
