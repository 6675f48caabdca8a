"""A run as an iterator of steps: callbacks, metrics, logs, checkpoints, resume to the bit."""

from .callbacks import Callback
from .checkpoint import (
    Checkpoint,
    checkpoints,
    latest_checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from .errors import CheckpointError, NonFiniteLossError
from .evaluation import evaluate
from .loggers import CSVLogger, JSONLLogger, TensorBoardLogger
from .metrics import accuracy, confusion_matrix, mean_absolute_error, top_k_accuracy
from .progress import Progress
from .serialization import load, save
from .trainer import Trainer
from .weights import WeightStatistics

__all__ = [
    "CSVLogger",
    "Callback",
    "Checkpoint",
    "CheckpointError",
    "JSONLLogger",
    "NonFiniteLossError",
    "Progress",
    "TensorBoardLogger",
    "Trainer",
    "WeightStatistics",
    "accuracy",
    "checkpoints",
    "confusion_matrix",
    "evaluate",
    "latest_checkpoint",
    "load",
    "mean_absolute_error",
    "read_checkpoint",
    "save",
    "top_k_accuracy",
    "write_checkpoint",
]
