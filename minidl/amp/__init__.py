"""Automatic mixed precision: half where it is safe, float32 where it is not."""

from .autocasting import (
    autocast as autocast,
    get_autocast_dtype as get_autocast_dtype,
    is_autocast_enabled as is_autocast_enabled,
    set_autocast_dtype as set_autocast_dtype,
)
from .grad_scaler import GradScaler as GradScaler
