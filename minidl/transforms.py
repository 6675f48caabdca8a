"""Functions of functions: gradients, Jacobian products, Hessians, and their proof by nudging.

The only derivative written down anywhere is the vjp rule of each primitive. Forward mode needs no
second set: a vjp is linear in its cotangent, and the vjp of that linear map is the jvp.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from . import ops, tape
from .backend import float64
from .creation import eye, ones_like, zeros_like
from .dtypes import is_floating
from .errors import GradientError, ShapeError
from .tensors import Tensor


def gradients(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool = False,
) -> tuple[Any, ...]:
    """The gradients of outputs with respect to inputs, returned instead of stored.

    Args:
        outputs: one tensor or several; their gradients are added.
        inputs: the tensors to differentiate by, leaves or not.
        grad_outputs: per output the weight of each of its numbers; 1 for a single number.
        retain_graph: keep the history for another walk; by default as create_graph.
        create_graph: record the walk, so that the results have gradients.
        only_inputs: PyTorch's word for what is always so: no other leaf's `grad` is touched.
        allow_unused: give None for an input no output depends on, instead of raising.

    Raises:
        GradientError: an output without a history, or an unused input.
    """
    outputs = [outputs] if isinstance(outputs, Tensor) else list(outputs)
    inputs = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    given = (
        [grad_outputs] if grad_outputs is None or isinstance(grad_outputs, Tensor) else grad_outputs
    )
    given = list(given) * len(outputs) if grad_outputs is None else list(given)
    seeds = [x._seed(g) for x, g in zip(outputs, given, strict=True)]
    keep = create_graph if retain_graph is None else retain_graph
    for position, x in enumerate(inputs):
        if not x.requires_grad:
            raise GradientError(f"Input {position} does not require a gradient.")
    found = tape.gradients(outputs, inputs, seeds, keep, create_graph)
    for position, g in enumerate(found):
        if g is None and not allow_unused:
            raise GradientError(
                f"Input {position} was not used to compute the outputs; pass allow_unused=True to "
                "get None for it."
            )
    return tuple(found)


def grad(function: Callable, argnums: int | tuple[int, ...] = 0) -> Callable:
    """The function x -> d function(x) / dx, for a function that returns one number.

    Args:
        function: tensors -> a tensor of one number.
        argnums: which argument to differentiate by, or several.

    Returns:
        A function of the same arguments; its results can be differentiated again.
    """
    places = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    @wraps(function)
    def derivative(*args: Any) -> Any:
        with tape.enable_grad():
            args = _watched(args, places)
            inputs = [args[i] for i in places]
            value = function(*args)
            found: Sequence[Any] = [None] * len(inputs)
            if value.requires_grad:
                found = gradients(value, inputs, create_graph=True, allow_unused=True)
        found = [zeros_like(x) if g is None else g for x, g in zip(inputs, found, strict=True)]
        for x in inputs:  # nobody else knows these leaves, and nobody will ask for their gradient
            x.requires_grad = x.node is not None
        found = _released(found, inputs)
        return found[0] if isinstance(argnums, int) else tuple(found)

    return derivative


def _watched(args: tuple, places: Sequence[int]) -> tuple:
    """The arguments, those at some places as values whose gradient can be asked for.

    An argument that has a history keeps it (through a clone), so transforms can be nested.
    """
    return tuple(_watch(x) if i in places else x for i, x in enumerate(args))


def _watch(x: Any) -> Tensor:
    x = x if isinstance(x, Tensor) else Tensor(x)
    if x.requires_grad:
        return ops.clone(x)
    return x.detach().requires_grad_()


def _released(results: Sequence[Tensor], own: Sequence[Tensor]) -> list[Tensor]:
    """Results without a history, unless it leads to something the caller wants a gradient of."""
    mine = {id(x) for x in own}
    if any(id(leaf) not in mine for leaf in tape.leaves(results)):
        return list(results)
    return [x.detach() for x in results]


def vjp(function: Callable, *args: Tensor) -> tuple[Tensor, Callable]:
    """The value of a function, and the function v -> v^T J with J its Jacobian there.

    Returns:
        (output, pullback); pullback(v) takes a tensor of the output's shape and gives one gradient
        per argument (a single one for a single argument). It may be called many times.
    """
    output, watched, pull = _linearised(function, args)

    def pullback(v: Tensor) -> Any:
        found = pull(v)
        found = found if v.requires_grad else _released(found, watched)
        return found[0] if len(found) == 1 else tuple(found)

    return output, pullback


def _linearised(function: Callable, args: Sequence[Tensor]) -> tuple[Tensor, tuple, Callable]:
    """A function's value, the arguments watched, and the map from cotangents to gradients."""
    with tape.enable_grad():
        watched = _watched(tuple(args), range(len(args)))
        output = function(*watched)

    def pull(v: Tensor) -> list[Tensor]:
        if not output.requires_grad:
            return [zeros_like(x) for x in watched]
        with tape.enable_grad():
            found = gradients(output, watched, v, True, True, allow_unused=True)
        return [zeros_like(x) if g is None else g for x, g in zip(watched, found, strict=True)]

    return output, watched, pull


def jvp(function: Callable, args: Sequence[Tensor], tangents: Sequence[Tensor]) -> tuple:
    """The value of a function, and J t: its change for a small step along t.

    Args:
        args: where to evaluate.
        tangents: one direction per argument, in its shape.

    Raises:
        ShapeError: a tangent has another shape than its argument.

    Source: J. Townsend, "A new trick for calculating Jacobian vector products" (2017).
    """
    for x, t in zip(args, tangents, strict=True):
        if x.shape != t.shape:
            raise ShapeError(f"jvp: a tangent of shape {t.shape} for an argument of {x.shape}.")
    output, watched, pull = _linearised(function, args)
    with tape.enable_grad():
        v = zeros_like(output).requires_grad_()
        pairs = [(p, t) for p, t in zip(pull(v), tangents, strict=True) if p.requires_grad]
        pushed = None
        if pairs:
            found, along = zip(*pairs, strict=True)
            (pushed,) = gradients(found, v, along, create_graph=True, allow_unused=True)
    pushed = zeros_like(output) if pushed is None else pushed
    return tuple(_released([output, pushed], [*watched, v]))


def jacobian(function: Callable, x: Tensor) -> Tensor:
    """All partial derivatives: J[i..., j...] = d function(x)[i...] / d x[j...], row by row."""
    output, pullback = vjp(function, x)
    rows = eye(output.numel(), dtype=output.dtype)
    found = [pullback(row.reshape(output.shape)) for row in rows]
    return ops.stack(found).reshape(output.shape + x.shape)


def hessian(function: Callable, x: Tensor) -> Tensor:
    """All second derivatives of a function that returns one number: x.shape + x.shape."""
    return jacobian(grad(function), x)


def check_grad(
    function: Callable,
    *args: Tensor,
    step: float = 1e-6,
    rtol: float = 1e-4,
    atol: float = 1e-6,
    order: int = 1,
) -> bool:
    """Holds a function's gradient against finite differences.

    The inputs are taken to float64. The function's output is weighted by fixed numbers, so that
    every entry of its Jacobian counts; each input number is nudged both ways.

    Args:
        function: tensors -> a tensor of real numbers.
        step: how far to nudge.
        rtol, atol: |found - nudged| <= atol + rtol * |nudged|.
        order: 2 to check the gradient of the gradient as well.

    Returns:
        True, or raises.

    Raises:
        GradientError: they differ; the message names the input, the place and both numbers.
    """
    args = tuple(_exact(x) for x in args)
    places = tuple(i for i, x in enumerate(args) if isinstance(x, Tensor) and is_floating(x.dtype))

    def weighted(*inputs: Any) -> Tensor:
        output = function(*inputs)
        return (output * _weights(output)).sum()

    found = grad(weighted, places)(*args)
    for position, g in zip(places, found, strict=True):
        _compare(weighted, args, position, g, step, rtol, atol)
    if order > 1:
        for position in places:
            check_grad(grad(weighted, position), *args, step=step, rtol=rtol, atol=atol,
                       order=order - 1)  # fmt: skip
    return True


def _exact(x: Any) -> Any:
    if isinstance(x, Tensor) and is_floating(x.dtype):
        return x.detach().to(float64, copy=True)
    return x


def _weights(output: Tensor) -> Tensor:
    """Fixed numbers around 1, all different, so that errors cannot cancel."""
    steps = ops.cumsum(ones_like(output).reshape(-1), 0)
    return (ops.sin(steps) + 1.5).reshape(output.shape).detach()


def _compare(
    function: Callable, args: tuple, position: int, g: Tensor, step: float, rtol: float, atol: float
) -> None:
    x = args[position]
    if g.shape != x.shape:
        raise GradientError(f"The gradient has shape {g.shape}, input {position} has {x.shape}.")
    flat = x.detach().clone().reshape(-1)
    for i in range(flat.numel()):
        values = []
        for sign in (1, -1):
            nudged = flat.clone()
            nudged[i] = flat[i] + sign * step
            moved = (*args[:position], nudged.reshape(x.shape), *args[position + 1 :])
            with tape.no_grad():
                values.append(function(*moved).item())
        expected = (values[0] - values[1]) / (2 * step)
        got = g.detach().reshape(-1)[i].item()
        if not abs(got - expected) <= atol + rtol * abs(expected):
            raise GradientError(
                f"Input {position}, number {i}: the gradient says {got:.6g}, nudging by {step:g} "
                f"says {expected:.6g}."
            )
