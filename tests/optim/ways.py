"""Optimisers whose step over all parameters is one kernel on a card, and options to try."""

from typing import Any

from minidl import optim

FUSED: dict[str, tuple[Any, dict[str, Any]]] = {
    "SGD": (optim.SGD, {"lr": 0.1}),
    "momentum": (optim.SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.2, "weight_decay": 0.1}),
    "nesterov": (optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "maximize": True}),
    "Adam": (optim.Adam, {"lr": 0.1, "weight_decay": 0.1}),
    "AdamW": (optim.AdamW, {"lr": 0.1, "maximize": True}),
    "amsgrad": (optim.AdamW, {"lr": 0.1, "amsgrad": True}),
}
