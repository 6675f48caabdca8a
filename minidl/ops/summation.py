"""Einstein's summation: a formula of indices, turned into permutations and matrix products.

einsum("ik,kj->ij", x, y) says z[i, j] = sum over k of x[i, k] * y[k, j]: a letter missing on the
right is summed over. As it is composed of primitives, its gradient comes by itself.
"""

from collections import Counter
from collections.abc import Sequence
from math import prod
from typing import Any

from ..backend import contraction_order
from ..errors import ShapeError
from .diagonals import diagonal
from .movement import permute_, reshape_
from .products import matmul
from .reduction import sum_
from .subscripts import LETTERS, lettered, read

__all__ = ["einsum"]

Term = tuple[Any, list[str]]  # a tensor, and a label for each of its dimensions


def einsum(equation: Any, *operands: Any) -> Any:
    """The sum of products that a formula of letters describes.

    Args:
        equation: "ij,jk->ik". A letter twice in one term takes the diagonal; `...` stands for any
            dimensions, which broadcast; without `->` the letters that occur once come out, in
            alphabetical order. Instead, einsum(x, [0, 1], y, [1, 2], [0, 2]) numbers the letters.
        operands: one tensor per term.

    Raises:
        ShapeError: one letter stands for two sizes, or a term has another number of letters than
            its tensor has dimensions.
        ValueError: the formula is not well formed.
    """
    if not isinstance(equation, str):
        equation, operands = lettered((equation, *operands))
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    named, output = read(equation, [x.ndim for x in operands])
    terms = [_diagonal(x, labels) for x, labels in zip(operands, named, strict=True)]
    sizes = _sizes(terms)
    terms = [_without_ones(term, sizes) for term in terms]
    shapes = [[sizes[label] for label in labels] for _, labels in terms]
    for places in contraction_order([labels for _, labels in terms], shapes, output):
        term, *others = [terms.pop(i) for i in sorted(places, reverse=True)][::-1]
        for i, other in enumerate(others):
            wanted = {label for _, labels in (*terms, *others[i + 1 :]) for label in labels}
            term = _product(term, other, wanted.union(output))
        terms.append(term)
    x, labels = _summed(terms[0], set(output))
    return permute_(x, dims=tuple(labels.index(label) for label in output))


def multi_dot(tensors: Sequence[Any]) -> Any:
    """The product of several matrices in the order that needs the fewest multiplications.

    The first may be a row and the last a column, given as vectors.
    """
    if len(tensors) < 2:
        raise ValueError(f"multi_dot: tensors must be at least two, got {len(tensors)}.")
    words, output = [], ""
    for i, x in enumerate(tensors):
        ends = i in (0, len(tensors) - 1)
        if x.ndim != 2 and not (ends and x.ndim == 1):
            raise ShapeError(f"multi_dot: tensors[{i}] must be a matrix, got {tuple(x.shape)}.")
        word = LETTERS[i : i + 2] if x.ndim == 2 else LETTERS[i + (i == 0)]
        words.append(word)
        if ends and x.ndim == 2:
            output += word[i > 0]
    return einsum(f"{','.join(words)}->{output}", *tensors)


def _diagonal(x: Any, labels: list[str]) -> Term:
    """A term in which no label stands twice."""
    for label, times in Counter(labels).items():
        for _ in range(times - 1):
            i, j = [d for d, name in enumerate(labels) if name == label][:2]
            if x.shape[i] != x.shape[j]:
                raise ShapeError(
                    f"einsum: '{label}' stands twice in one term, for sizes {x.shape[i]} and "
                    f"{x.shape[j]}."
                )
            x = diagonal(x, 0, i, j)
            labels = [*(name for d, name in enumerate(labels) if d not in (i, j)), label]
    return x, labels


def _sizes(terms: list[Term]) -> dict[str, int]:
    """The size of each label; a 1 gives way to any other."""
    sizes: dict[str, int] = {}
    for number, (x, labels) in enumerate(terms):
        for label, n in zip(labels, x.shape, strict=True):
            known = sizes.get(label, 1)
            if 1 not in (known, n) and known != n:
                raise ShapeError(
                    f"einsum: '{label}' is {known} in an earlier term, but {n} in operand {number} "
                    f"of shape {tuple(x.shape)}."
                )
            sizes[label] = n if known == 1 else known
    return sizes


def _without_ones(term: Term, sizes: dict[str, int]) -> Term:
    """A term without the dimensions of size 1 that broadcast."""
    x, labels = term
    kept = [d for d, label in enumerate(labels) if x.shape[d] == sizes[label]]
    if len(kept) == len(labels):
        return term
    return reshape_(x, shape=tuple(x.shape[d] for d in kept)), [labels[d] for d in kept]


def _summed(term: Term, wanted: set[str]) -> Term:
    """A term without the labels that nobody wants any more."""
    x, labels = term
    dims = tuple(d for d, label in enumerate(labels) if label not in wanted)
    if not dims:
        return term
    kept = [label for label in labels if label in wanted]
    return sum_(x, dims=dims, keepdim=False), kept


def _product(left: Term, right: Term, wanted: set[str]) -> Term:
    """The product of two terms, summed over the labels that only they have."""
    left = _summed(left, wanted.union(right[1]))
    right = _summed(right, wanted.union(left[1]))
    (x, mine), (y, theirs) = left, right
    batch = [label for label in mine if label in theirs and label in wanted]
    inner = [label for label in mine if label in theirs and label not in wanted]
    rows = [label for label in mine if label not in theirs]
    columns = [label for label in theirs if label not in mine]
    size = dict(zip((*mine, *theirs), (*x.shape, *y.shape), strict=True))
    x = permute_(x, dims=tuple(mine.index(label) for label in (*batch, *rows, *inner)))
    y = permute_(y, dims=tuple(theirs.index(label) for label in (*batch, *inner, *columns)))
    stack, m, k, n = ([size[label] for label in group] for group in (batch, rows, inner, columns))
    if inner:
        x = reshape_(x, shape=(*stack, prod(m), prod(k)))
        z = matmul(x, reshape_(y, shape=(*stack, prod(k), prod(n))))
    else:
        z = reshape_(x, shape=(*stack, *m, *(1 for _ in n))) * reshape_(
            y, shape=(*stack, *(1 for _ in m), *n)
        )
    return reshape_(z, shape=(*stack, *m, *n)), [*batch, *rows, *columns]
