"""Embedding: a learned table of vectors, one for each word, item or class."""

from typing import Any, Self, final

from ..creation import empty
from ..errors import ShapeError
from ..tape import no_grad
from ..tensors import Tensor
from . import functional as F, init
from .module import Module
from .parameter import Parameter


@final
class Embedding(Module):
    """z[i] = weight[input[i]]: integers (*) become vectors (*, embedding_dim)

    Args:
        num_embeddings: how many rows the table has; inputs are 0 to num_embeddings - 1.
        embedding_dim: the size of a row.
        padding_idx: a row that begins as 0 and is not trained; negative ones count from the end.
        max_norm: rows looked up that are longer are shortened to it, in the table.
        norm_type: which norm max_norm speaks of.
        scale_grad_by_freq: a row's gradient is divided by how often it was looked up in a batch.
        sparse: taken for PyTorch's sake; gradients are dense here, with the same numbers.

    Attributes:
        weight: (num_embeddings, embedding_dim), begins as N(0, 1).

    Source: Bengio et al., "A Neural Probabilistic Language Model" (2003), section 2.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(
                    f"Embedding: padding_idx={padding_idx} is no row of {num_embeddings}."
                )
            padding_idx %= num_embeddings
        self.padding_idx, self.max_norm, self.norm_type = padding_idx, max_norm, norm_type
        self.scale_grad_by_freq, self.sparse = scale_grad_by_freq, sparse
        self.weight = Parameter(empty(num_embeddings, embedding_dim, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draws the table anew; the padding row is 0."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            with no_grad():
                self.weight[self.padding_idx] = 0.0

    def forward(self, input: Tensor) -> Tensor:
        return F.embedding(
            input,
            self.weight,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.sparse,
        )

    @classmethod
    def from_pretrained(cls, embeddings: Tensor, freeze: bool = True, **options: Any) -> Self:
        """A layer around a table that is there already, trained further only without `freeze`.

        Args:
            embeddings: (num_embeddings, embedding_dim).
            freeze: whether the table stays as it is.
            options: padding_idx and what follows it above.
        """
        if embeddings.ndim != 2:
            raise ShapeError(
                f"from_pretrained: embeddings must be a matrix (n, d), got {embeddings.shape}."
            )
        layer = cls(embeddings.shape[0], embeddings.shape[1], **options)
        layer.weight = Parameter(embeddings, requires_grad=not freeze)
        return layer

    def extra_repr(self) -> str:
        said = f"{self.num_embeddings}, {self.embedding_dim}"
        said += "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        said += "" if self.max_norm is None else f", max_norm={self.max_norm}"
        said += "" if self.norm_type == 2 else f", norm_type={self.norm_type}"
        said += ", scale_grad_by_freq=True" if self.scale_grad_by_freq else ""
        return said + (", sparse=True" if self.sparse else "")
