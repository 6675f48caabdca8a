"""Reductions that CuPy names or sorts differently."""

from .reduction import amax_, amin_, argsort_


@amax_.on("cuda")
def _largest(xp, x, *, dims, keepdim):
    """CuPy's maximum has no reduce."""
    return xp.amax(x, axis=dims, keepdims=keepdim)


@amin_.on("cuda")
def _smallest(xp, x, *, dims, keepdim):
    """CuPy's minimum has no reduce."""
    return xp.amin(x, axis=dims, keepdims=keepdim)


@argsort_.on("cuda")
def _order(xp, x, *, dim, descending):
    """CuPy's sort keeps equals in their order without being told to."""
    if descending:
        return x.shape[dim] - 1 - xp.flip(xp.argsort(xp.flip(x, dim), dim), dim)
    return xp.argsort(x, dim)
