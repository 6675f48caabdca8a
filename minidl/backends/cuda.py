"""Switches for products of matrices on a graphics card.

minidl.backends.cuda.matmul.allow_tf32 = True
minidl.set_float32_matmul_precision("high")     # the same
"""

from typing import final

from .. import backend


@final
class Products:
    """How cuBLAS may multiply matrices.

    Attributes:
        allow_tf32: those of float32 may round their inputs to TF32, 10 bits after the point, which
            tensor cores multiply many times as fast; sums stay float32. Off by default.
        allow_fp16_reduced_precision_reduction, allow_bf16_reduced_precision_reduction: where cuBLAS
            cuts the sums of a product of halves in pieces, each of which it adds up in float32, it
            may keep and join the pieces as halves. On by default, as PyTorch's.
    """

    def __init__(self) -> None:
        self.allow_fp16_reduced_precision_reduction = True
        self.allow_bf16_reduced_precision_reduction = True

    def rounds(self, letter: str) -> bool:
        """Whether products of a dtype, by NumPy's letter for it, may lose digits for speed."""
        if letter == "f":
            return backend.products_by_tf32()
        if letter == "e":
            return self.allow_fp16_reduced_precision_reduction
        return letter == "E" and self.allow_bf16_reduced_precision_reduction

    @property
    def allow_tf32(self) -> bool:
        return backend.products_by_tf32()

    @allow_tf32.setter
    def allow_tf32(self, allowed: bool) -> None:
        backend.set_products_by_tf32(bool(allowed))


matmul = Products()


def get_float32_matmul_precision() -> str:
    """ "highest" where products of float32 keep all digits, else "high"."""
    return "high" if matmul.allow_tf32 else "highest"


def set_float32_matmul_precision(precision: str) -> None:
    """ "highest": products of float32 keep all digits. "high" or "medium": TF32 may be used.

    Raises:
        ValueError: another word.
    """
    if precision not in ("highest", "high", "medium"):
        raise ValueError(
            "set_float32_matmul_precision: precision must be 'highest', 'high' or 'medium', got "
            f"{precision!r}."
        )
    matmul.allow_tf32 = precision != "highest"
