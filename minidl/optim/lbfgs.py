"""L-BFGS: downhill by a picture of the curvature, drawn from the last steps."""

from collections.abc import Callable, Iterable
from typing import Any, final

from .. import ops
from ..creation import zeros_like
from ..tape import enable_grad, no_grad
from ..tensors import Tensor
from .line_search import Point, strong_wolfe
from .optimizer import Optimizer, check_range


@final
class LBFGS(Optimizer):
    """p <- p - t H g, where H, the inverse Hessian, is known from the last changes of p and g

    One `step` makes up to max_iter such moves, and asks its closure for the loss after each. It
    wants the whole loss, not one of a batch: the curvature it sees must not be noise.

    Args:
        params: tensors; one group only.
        lr: t of every move but the first; with a line search, what is tried first.
        max_iter: moves per step.
        max_eval: losses per step; by default 1.25 max_iter.
        tolerance_grad: done when no gradient is larger.
        tolerance_change: done when no weight, or the loss, changes by more.
        history_size: how many changes are remembered, two vectors each.
        line_search_fn: None, or "strong_wolfe" to search for t.

    Source: Liu, Nocedal, "On the Limited Memory BFGS Method for Large Scale Optimization" (1989);
    Nocedal, Wright, "Numerical Optimization" (2006), algorithm 7.4.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ):
        check_range("lr", lr)
        if line_search_fn not in (None, "strong_wolfe"):
            raise ValueError(
                f"line_search_fn must be None or 'strong_wolfe', got {line_search_fn!r}."
            )
        super().__init__(
            params,
            dict(
                lr=lr,
                max_iter=max_iter,
                max_eval=max_iter * 5 // 4 if max_eval is None else max_eval,
                tolerance_grad=tolerance_grad,
                tolerance_change=tolerance_change,
                history_size=history_size,
                line_search_fn=line_search_fn,
            ),
        )
        if len(self.param_groups) > 1:
            raise ValueError("LBFGS sees all parameters as one vector: give it one group only.")

    @no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Makes up to max_iter moves.

        Args:
            closure: clears the gradients, computes the loss, calls backward and returns the loss.

        Returns:
            The loss before the first move.

        Raises:
            ValueError: there is no closure.
        """
        if closure is None:
            raise ValueError("LBFGS.step needs a closure that computes the loss and its gradient.")
        (group,) = self.param_groups
        state = self.state[group["params"][0]]  # one memory for all, kept where PyTorch keeps it
        first = self._evaluate(closure)
        loss, gradient = float(first), self._gradient()
        evaluations = 1
        for move in range(group["max_iter"]):
            if _largest(gradient) <= group["tolerance_grad"]:
                break
            state["n_iter"] = state.get("n_iter", 0) + 1
            direction = self._direction(gradient, state, group)
            slope = float(gradient.dot(direction))
            state["d"], state["prev_flat_grad"], before = direction, gradient, loss
            state["t"] = _first_distance(gradient, state["n_iter"], group["lr"])
            if slope > -group["tolerance_change"]:
                break
            start = Point(0.0, loss, gradient, slope)
            if move == group["max_iter"] - 1 and group["line_search_fn"] is None:
                self._place(self._origin(), direction, state["t"])  # nobody would use its loss
                break
            loss, gradient, looks = self._move(closure, start, state, group, evaluations)
            evaluations += looks
            if evaluations >= group["max_eval"] or (
                state["t"] * _largest(direction) <= group["tolerance_change"]
                or abs(loss - before) < group["tolerance_change"]
            ):
                break
        state["func_evals"] = state.get("func_evals", 0) + evaluations
        self.steps_taken += 1
        return first

    def _direction(self, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]) -> Tensor:
        """-H g, by two loops over the remembered changes."""
        if state["n_iter"] == 1:
            state.update(old_dirs=[], old_stps=[], H_diag=1.0)
            return -gradient
        changes, moves = state["old_dirs"], state["old_stps"]  # of the gradient, of the weights
        change, move = gradient - state["prev_flat_grad"], state["d"] * state["t"]
        bent = float(change.dot(move))
        if bent > 1e-10:
            changes.append(change)
            moves.append(move)
            del changes[: -group["history_size"]], moves[: -group["history_size"]]
            state["H_diag"] = bent / float(change.dot(change))
        known = [(y, s, 1 / float(y.dot(s))) for y, s in zip(changes, moves, strict=True)]
        q, shares = -gradient, []
        for y, s, rho in reversed(known):
            shares.append(rho * float(s.dot(q)))
            q = q - shares[-1] * y
        r = q * state["H_diag"]
        for y, s, rho in known:
            r = r + (shares.pop() - rho * float(y.dot(r))) * s
        return r

    def _move(
        self,
        closure: Callable[[], Any],
        start: Point,
        state: dict[str, Any],
        group: dict[str, Any],
        evaluations: int,
    ) -> tuple[float, Tensor, int]:
        """Goes along the direction; the loss and gradient there, and how often it looked."""
        origin, direction = self._origin(), state["d"]

        def look(t: float) -> Point:
            self._place(origin, direction, t)
            loss = float(self._evaluate(closure))
            gradient = self._gradient()
            return Point(t, loss, gradient, float(gradient.dot(direction)))

        if group["line_search_fn"] is None:
            point = look(state["t"])
            return point.loss, point.gradient, 1
        left = group["max_eval"] - evaluations
        tolerance, reach = group["tolerance_change"], _largest(direction)
        point, looks = strong_wolfe(look, start, state["t"], reach, tolerance, left)
        state["t"] = point.t
        self._place(origin, direction, point.t)
        return point.loss, point.gradient, looks

    def _evaluate(self, closure: Callable[[], Any]) -> Any:
        with enable_grad():
            return closure()

    def _gradient(self) -> Tensor:
        """All gradients as one vector."""
        parts = [zeros_like(p) if p.grad is None else p.grad for p in self._all()]
        return ops.cat([part.reshape(-1) for part in parts]).clone()

    def _origin(self) -> list[Tensor]:
        """Where the parameters are, as copies."""
        return [p.clone() for p in self._all()]

    def _place(self, origin: list[Tensor], direction: Tensor, t: float) -> None:
        """Puts the parameters at a distance from where they were."""
        steps = ops.split(direction, [p.numel() for p in origin])
        for p, begin, step in zip(self._all(), origin, steps, strict=True):
            p.copy_(begin + t * step.reshape(p.shape))


def _largest(x: Tensor) -> float:
    return float(ops.amax(ops.abs(x)))


def _first_distance(gradient: Tensor, move: int, lr: float) -> float:
    """Nothing is known of the curvature before the first move, so it is a short one."""
    return min(1.0, 1 / float(ops.abs(gradient).sum())) * lr if move == 1 else lr
