"""All operators that the judge is asked about."""

from typing import Any

from . import layers, pointwise, reducing, shaping

OPERATORS: dict[str, Any] = {
    **pointwise.OPERATORS,
    **shaping.OPERATORS,
    **reducing.OPERATORS,
    **layers.OPERATORS,
}
