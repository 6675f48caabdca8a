"""What can go wrong, by name: each message says what was expected, what came, and what to do."""

from typing import final


@final
class ShapeError(ValueError):
    """Two shapes do not fit together; the message shows both."""


@final
class DeviceError(RuntimeError):
    """Arrays live on different devices, or on one that this machine does not have."""


@final
class LinAlgError(RuntimeError):
    """A matrix does not have what was asked of it: an inverse, a Cholesky factor."""


@final
class GradientError(RuntimeError):
    """A gradient was asked for that does not exist, is gone, or would be wrong."""


@final
class CompileError(TypeError):
    """A function looks at numbers while it is traced, or does what a trace cannot repeat."""
