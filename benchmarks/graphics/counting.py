"""How much work a step is, as PyTorch eager does it: multiplications in products, bytes moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def counted(step: Callable[[], Any]) -> dict[str, float]:
    """FLOPs of matrix products, convolutions and attention in a step, and the bytes that all its
    operations read and write, each by itself; views move nothing.
    """
    from torch.utils.flop_counter import FlopCounterMode

    bytes_moved = _traffic()
    with FlopCounterMode(display=False) as flops, bytes_moved:
        step()
    return {"flops": float(flops.get_total_flops()), "bytes": float(bytes_moved.total)}


def _traffic() -> Any:
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils._pytree import tree_leaves

    class Traffic(TorchDispatchMode):
        total = 0

        def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None):
            result = function(*args, **(kwargs or {}))
            if not function.is_view and "detach" not in function.name():
                for x in tree_leaves((args, kwargs, result)):
                    if isinstance(x, torch.Tensor):
                        self.total += x.numel() * x.element_size()
            return result

    return Traffic()
