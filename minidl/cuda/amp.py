"""PyTorch's older names for `autocast` and `GradScaler` on graphics cards."""

from typing import Any

from ..amp import GradScaler as GradScaler, autocast as _autocast


def autocast(enabled: bool = True, dtype: Any = None, cache_enabled: bool = True) -> _autocast:
    """`minidl.autocast("cuda", ...)`."""
    return _autocast("cuda", dtype, enabled, cache_enabled)
