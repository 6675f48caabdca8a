"""`GradScaler`: a loss times a large number, so that no gradient in float16 is too small to be told
from 0; gradients divided by it before the step; and a step left out where one became infinite.
"""

from __future__ import annotations

from typing import Any, final

from .. import ops
from ..backend import float16
from ..optim import Optimizer
from ..optim.clip import scale, squares
from ..tape import no_grad
from ..tensors import Tensor

_READY, _UNSCALED, _STEPPED = "ready", "unscaled", "stepped"


@final
class GradScaler:
    """Scales losses for training in float16; bfloat16, with float32's range, needs none.

        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)                       # if gradients are looked at or clipped
        clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)                           # leaves it out where a gradient is inf
        scaler.update()

    The factor halves after each step that was left out, and doubles after `growth_interval` steps
    that were not. Whether a gradient is infinite is asked of a card once for each optimiser's step.

    Args:
        device: taken for PyTorch's sake; gradients are looked at wherever they are.
        init_scale: the first factor.
        growth_factor, backoff_factor: by which it grows and shrinks.
        enabled: False leaves losses and gradients alone, so that one program serves both ways.

    Raises:
        ValueError: factors on the wrong side of 1, or an interval below 1.

    Source: Micikevicius et al., "Mixed Precision Training" (2018), section 3.2.
    """

    def __init__(
        self,
        device: Any = "cuda",
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ):
        self.device, self._enabled = device, enabled
        self._scale, self._since = float(init_scale), 0
        self.set_growth_factor(growth_factor)
        self.set_backoff_factor(backoff_factor)
        self.set_growth_interval(growth_interval)
        self._stages: dict[int, str] = {}  # by optimiser
        self._infinite: dict[int, bool | Tensor] = {}

    # A step -----------------------------------------------------------------------------------

    def scale(self, outputs: Any) -> Any:
        """A loss, or a list or tuple of them, times the factor."""
        if not self._enabled:
            return outputs
        if isinstance(outputs, (list, tuple)):
            return type(outputs)(map(self.scale, outputs))
        if not isinstance(outputs, Tensor):
            raise TypeError(f"scale: outputs must be tensors, got {type(outputs).__name__}.")
        return outputs * self._scale

    def unscale_(self, optimizer: Optimizer) -> None:
        """Divides the gradients of an optimiser's parameters by the factor, at most once a step.

        Raises:
            RuntimeError: it was done already, or the step is over.
            ValueError: a parameter is float16, which loses what scaling saves: under autocast
                weights stay float32.
        """
        if not self._enabled:
            return
        stage = self._stages.get(id(optimizer), _READY)
        if stage != _READY:
            raise RuntimeError(f"unscale_: this optimiser was {stage} since the last update().")
        self._infinite[id(optimizer)] = self._unscaled(optimizer)
        self._stages[id(optimizer)] = _UNSCALED

    def _unscaled(self, optimizer: Optimizer) -> Any:
        """Divides, and says whether anything is inf, nan, or so large that its square is: as a
        tensor, which nobody waits for."""
        gradients = _gradients(optimizer)
        if not gradients:
            raise RuntimeError("unscale_: no parameter of this optimiser has a gradient.")
        places: dict[str, list[Tensor]] = {}
        for g in gradients:
            places.setdefault(str(g.device), []).append(g)
        with no_grad():
            for several in places.values():
                scale(several, several[0].new_tensor(1 / self._scale))
            first, *others = (squares(several) for several in places.values())
            return ~ops.isfinite(sum((x.to(first.device) for x in others), first))

    def step(self, optimizer: Optimizer, *args: Any, **options: Any) -> Any:
        """The optimiser's step, of gradients without the factor; nothing where one is infinite.

        Returns:
            What the step returned, or None.

        Raises:
            RuntimeError: a second step before update().
        """
        if not self._enabled:
            return optimizer.step(*args, **options)
        if "closure" in options or args:
            raise RuntimeError("step: a closure would compute the loss anew without its factor.")
        if self._stages.get(id(optimizer)) == _STEPPED:
            raise RuntimeError("step: this optimiser has stepped already since the last update().")
        if self._stages.get(id(optimizer), _READY) == _READY:
            self.unscale_(optimizer)
        self._stages[id(optimizer)] = _STEPPED
        infinite = self._infinite[id(optimizer)]
        infinite = bool(infinite.item()) if isinstance(infinite, Tensor) else infinite
        self._infinite[id(optimizer)] = infinite
        return None if infinite else optimizer.step(**options)

    def update(self, new_scale: Any = None) -> None:
        """Ends the step: the factor shrinks or, after long enough, grows; or becomes another.

        Raises:
            RuntimeError: no gradients were looked at since the last update().
        """
        if not self._enabled:
            return
        if new_scale is not None:
            self._scale = float(new_scale.item() if isinstance(new_scale, Tensor) else new_scale)
        elif not self._infinite:
            raise RuntimeError("update: call step() or unscale_() first.")
        elif any(bool(x.item()) if isinstance(x, Tensor) else x for x in self._infinite.values()):
            self._scale, self._since = self._scale * self._backoff, 0
        else:
            self._since += 1
            if self._since == self._interval:
                grown = self._scale * self._growth
                self._scale, self._since = (grown if grown < float("inf") else self._scale), 0
        self._stages.clear()
        self._infinite.clear()

    # Numbers ----------------------------------------------------------------------------------

    def is_enabled(self) -> bool:
        return self._enabled

    def get_scale(self) -> float:
        """The factor; 1 where it is switched off."""
        return self._scale if self._enabled else 1.0

    def get_growth_factor(self) -> float:
        return self._growth

    def set_growth_factor(self, new_factor: float) -> None:
        if not new_factor > 1:
            raise ValueError(f"GradScaler: growth_factor must be above 1, got {new_factor}.")
        self._growth = float(new_factor)

    def get_backoff_factor(self) -> float:
        return self._backoff

    def set_backoff_factor(self, new_factor: float) -> None:
        if not 0 < new_factor < 1:
            raise ValueError(f"GradScaler: backoff_factor lies between 0 and 1, got {new_factor}.")
        self._backoff = float(new_factor)

    def get_growth_interval(self) -> int:
        return self._interval

    def set_growth_interval(self, new_interval: int) -> None:
        if new_interval < 1:
            raise ValueError(f"GradScaler: growth_interval must be positive, got {new_interval}.")
        self._interval = int(new_interval)

    def state_dict(self) -> dict[str, Any]:
        """The factor, how it changes, and how many steps went well; empty where it is off."""
        if not self._enabled:
            return {}
        return {
            "scale": self._scale,
            "growth_factor": self._growth,
            "backoff_factor": self._backoff,
            "growth_interval": self._interval,
            "_growth_tracker": self._since,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Goes on from a saved state.

        Raises:
            RuntimeError: it is empty, as that of a scaler that was off.
        """
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError("load_state_dict: the state is empty: its scaler was switched off.")
        self._scale, self._since = float(state_dict["scale"]), int(state_dict["_growth_tracker"])
        self.set_growth_factor(state_dict["growth_factor"])
        self.set_backoff_factor(state_dict["backoff_factor"])
        self.set_growth_interval(state_dict["growth_interval"])


def _gradients(optimizer: Optimizer) -> list[Tensor]:
    found = []
    for group in optimizer.param_groups:
        for p in group["params"]:
            if p.grad is None:
                continue
            if p.grad.dtype == float16:
                raise ValueError("unscale_: a gradient is float16: keep the weights in float32.")
            found.append(p.grad)
    return found
