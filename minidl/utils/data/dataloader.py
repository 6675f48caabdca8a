"""PyTorch's `utils.data.dataloader`, under which older scripts find the loader."""

from ...data import (
    DataLoader as DataLoader,
    default_collate as default_collate,
    get_worker_info as get_worker_info,
)
