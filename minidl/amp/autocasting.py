"""`autocast`: a region where products are computed in half precision, delicate things in float32.

    with autocast("cuda", dtype=minidl.bfloat16):
        loss = cross_entropy(model(x), y)
    loss.backward()

The weights stay float32, and so do their gradients and what the optimiser remembers: they are the
master copy. In the region each weight is cast once, and backward carries its gradient back through
that cast.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, final

from .. import backend, precision
from ..backend import float16, is_half
from ..nn.edits import edits
from ..precision import closed, here, opened
from .lists import rules

_DEFAULTS: dict[str, Any] = {"cpu": "bfloat16", "cuda": float16}


def get_autocast_dtype(device_type: str) -> Any:
    """The half that a region for this type of device computes in, if none is named."""
    return backend.as_dtype(_DEFAULTS[_known(device_type)])


def set_autocast_dtype(device_type: str, dtype: Any) -> None:
    """Sets it."""
    _DEFAULTS[_known(device_type)] = backend.as_dtype(dtype)


def is_autocast_enabled(device_type: str = "cuda") -> bool:
    """Whether a region is open here for this type of device."""
    return _known(device_type) in here.kinds


def _known(device_type: str) -> str:
    if device_type not in _DEFAULTS:
        known = " and ".join(map(repr, _DEFAULTS))
        raise RuntimeError(f"autocast: device_type must be {known}, got {device_type!r}.")
    return device_type


@final
class autocast:  # noqa: N801  (PyTorch's name)
    """A region, as a context or around a function; regions nest, and each thread has its own.

    Args:
        device_type: "cuda" or "cpu"; other devices are left alone. A processor computes halves in
            float32 and rounds (`minidl.backends.cpu.half_is_emulated`): it shows what they do to a
            training, and saves no time.
        dtype: bfloat16 or float16; by default float16 on a card, bfloat16 on a processor.
        enabled: False makes a hole in the region around: float32 as ever.
        cache_enabled: whether a weight that is used twice is cast only once.

    Source: Micikevicius et al., "Mixed Precision Training" (2018).
    """

    def __init__(
        self,
        device_type: str,
        dtype: Any = None,
        enabled: bool = True,
        cache_enabled: bool | None = None,
    ):
        self.device = _known(str(getattr(device_type, "type", device_type)))
        kind = get_autocast_dtype(self.device) if dtype is None else backend.as_dtype(dtype)
        if enabled and not is_half(kind):
            warnings.warn(
                f"autocast: dtype must be bfloat16 or float16, got {kind}; the region is off.",
                stacklevel=2,
            )
            enabled = False
        self.fast_dtype, self.enabled, self.cache_enabled = kind, enabled, cache_enabled
        self._around: list[tuple[dict[str, Any], bool]] = []

    def __enter__(self) -> autocast:
        if not precision.used:
            precision.used = True
            edits.count += 1  # compiled functions look anew, and from now on at regions as well
        self._around.append((here.kinds, here.keeps))
        kinds = {name: kind for name, kind in here.kinds.items() if name != self.device}
        here.kinds = {**kinds, self.device: self.fast_dtype} if self.enabled else kinds
        here.keeps = here.keeps if self.cache_enabled is None else self.cache_enabled
        opened(rules())
        return self

    def __exit__(self, *_: Any) -> None:
        here.kinds, here.keeps = self._around.pop()
        closed()

    def __call__(self, function: Callable) -> Callable:
        @wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            with autocast(self.device, self.fast_dtype, self.enabled, self.cache_enabled):
                return function(*args, **options)

        return call
