"""PyTorch's `utils`, so that a script runs after changing its import line."""

from . import data as data
