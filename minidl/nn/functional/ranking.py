"""Losses that compare: this should score higher than that, or lie nearer, by a margin."""

from ... import ops
from ...errors import ShapeError
from ...precision import in_single
from ...tensors import Tensor
from .arguments import check_real, check_shape
from .distances import cosine_similarity, pairwise_distance
from .labels import check_class_target, check_labels, one_hot
from .reduction import check_reduction, reduced

# `reduction` is "mean", "sum" or "none" everywhere. [z]+ is max(z, 0).


@in_single("cpu", "cuda")
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0.0,
    *,
    reduction: str = "mean",
) -> Tensor:
    """[margin - y (x1 - x2)]+: x1 should be larger where y = 1, x2 where y = -1

    Args:
        input1: any shape.
        input2: broadcasts, with as many dimensions.
        target: 1 or -1, with as many dimensions.
        margin: by how much at least.

    Raises:
        ShapeError: numbers of dimensions differ.
    """
    check_reduction("margin_ranking_loss", reduction)
    if not input1.ndim == input2.ndim == target.ndim:
        raise ShapeError(
            f"margin_ranking_loss: input1 {input1.shape}, input2 {input2.shape} and target "
            f"{target.shape} must have as many dimensions."
        )
    losses = ops.clamp(margin - target * (input1 - input2), min=0.0)
    return reduced("margin_ranking_loss", losses, reduction)


@in_single("cpu", "cuda")
def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: float = 1.0, *, reduction: str = "mean"
) -> Tensor:
    """x where y = 1, [margin - x]+ where y = -1, for a distance x of a pair alike or unlike

    Args:
        input: any shape.
        target: 1 or -1; broadcasts.
        margin: how far apart unlike pairs should be.
    """
    check_reduction("hinge_embedding_loss", reduction)
    alike = ops.where(target != -1, input, 0.0)
    unlike = ops.where(target != 1, ops.clamp(margin - input, min=0.0), 0.0)
    return reduced("hinge_embedding_loss", alike + unlike, reduction)


@in_single("cpu", "cuda")
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0.0,
    *,
    reduction: str = "mean",
) -> Tensor:
    """1 - cos(x1, x2) where y = 1, [cos(x1, x2) - margin]+ where y = -1

    Args:
        input1: (N, d), or (d).
        input2: the same shape, or one that broadcasts.
        target: (N), or (): 1 or -1.
        margin: the cosine up to which unlike vectors cost nothing, -1 to 1.

    Raises:
        ShapeError: target is neither (N) with inputs (N, d) nor () with inputs (d).
    """
    check_reduction("cosine_embedding_loss", reduction)
    if target.ndim > 1 or not input1.ndim == input2.ndim == target.ndim + 1:
        raise ShapeError(
            "cosine_embedding_loss: input1 and input2 must be (N, d) and target (N), or (d) and "
            f"(), got {input1.shape}, {input2.shape} and {target.shape}."
        )
    cosine = cosine_similarity(input1, input2, -1, 1e-6)
    alike = ops.where(target == 1, 1 - cosine, 0.0)
    unlike = ops.where(target == -1, ops.clamp(cosine - margin, min=0.0), 0.0)
    return reduced("cosine_embedding_loss", alike + unlike, reduction)


@in_single("cpu", "cuda")
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    *,
    reduction: str = "mean",
) -> Tensor:
    """[d(a, p) - d(a, n) + margin]+: the anchor should lie nearer to the like than to the unlike

    Args:
        anchor: (N, d), or (d).
        positive: the same shape: of the anchor's kind.
        negative: the same shape: of another kind.
        margin: by how much nearer; positive.
        p: which norm measures the distance d.
        eps: added to every difference.
        swap: take d(p, n) where it is smaller than d(a, n).

    Raises:
        ValueError: margin <= 0. ShapeError: numbers of dimensions differ.

    Source: Balntas et al., "Learning Local Feature Descriptors with Triplets and Shallow
    Convolutional Neural Networks" (2016), section 3.
    """
    check_reduction("triplet_margin_loss", reduction)
    if margin <= 0:
        raise ValueError(f"triplet_margin_loss: margin must be positive, got {margin}.")
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise ShapeError(
            f"triplet_margin_loss: anchor {anchor.shape}, positive {positive.shape} and negative "
            f"{negative.shape} must have as many dimensions."
        )
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = ops.minimum(far, pairwise_distance(positive, negative, p, eps))
    return reduced("triplet_margin_loss", ops.clamp(near - far + margin, min=0.0), reduction)


@in_single("cpu", "cuda")
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
) -> Tensor:
    """sum over c != y of w_y [margin - x_y + x_c]+^p / C: the right class scores highest

    Args:
        input: (N, C) or (C), scores.
        target: (N) or (), labels from 0 to C - 1.
        p: 1 or 2.
        margin: by how much at least.
        weight: (C), how much each class counts.

    Raises:
        ValueError: p is neither 1 nor 2. ShapeError, TypeError, IndexError: as `cross_entropy`.

    Source: Crammer, Singer, "On the Algorithmic Implementation of Multiclass Kernel-Based Vector
    Machines" (2001), equation 2.
    """
    name = "multi_margin_loss"
    check_reduction(name, reduction)
    if p not in (1, 2):
        raise ValueError(f"{name}: p must be 1 or 2, got {p}.")
    check_real(name, input=input, weight=weight)
    if input.ndim not in (1, 2) or 0 in input.shape[-1:]:
        raise ShapeError(f"{name}: input must be (N, C) or (C), got {input.shape}.")
    check_class_target(name, input, target)
    check_shape(name, input.shape[-1:], weight=weight)
    check_labels(name, target, input.shape[-1], None)
    rows, labels = (input, target) if input.ndim == 2 else (input[None], target[None])
    right = ops.gather(rows, 1, ops.unsqueeze(labels, 1).long())
    excess = ops.relu(margin - right + rows)
    excess = excess if p == 1 else excess * excess
    excess = excess if weight is None else excess * ops.unsqueeze(weight[labels], 1)
    wrong = 1 - one_hot(labels.long(), rows.shape[1])
    losses = ops.sum(excess * wrong, 1) / rows.shape[1]
    return reduced(name, losses if input.ndim == 2 else losses[0], reduction)
