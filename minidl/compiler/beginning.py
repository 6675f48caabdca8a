"""The state of optimisers, begun before a trace: so the first step is traced as all later ones."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, final

from ..optim import Optimizer
from ..optim.optimizer import is_ours
from ..tensors import Tensor

if TYPE_CHECKING:
    from .capture import Capture


@final
class Begun:
    """What optimisers will remember of parameters that they have not changed yet, where zeros
    serve (see `Optimizer.begin`). It is there from now on, until it is taken back.

    Attributes:
        states: (optimiser, parameter, state).
    """

    def __init__(self, optimizers: Iterable[Optimizer]):
        self.states: list[tuple[Optimizer, Tensor, dict[str, Any]]] = []
        for optimizer in optimizers:
            if not is_ours(optimizer.update):
                continue  # a learner's rule may remember something else than `begin` says
            for group in optimizer.param_groups:
                for parameter in group["params"]:
                    if parameter.requires_grad and not optimizer.state.get(parameter):
                        self._begin(optimizer, parameter)

    def _begin(self, optimizer: Optimizer, parameter: Tensor) -> None:
        state = optimizer.begin(parameter)
        if state:
            optimizer.state[parameter] = state
            self.states.append((optimizer, parameter, state))

    def take_back(self) -> None:
        """Makes the optimisers what they were."""
        for optimizer, parameter, _ in self.states:
            del optimizer.state[parameter]
        self.states.clear()

    def keep_what_changes(self, made: "Capture") -> bool:
        """Takes back what a trace did not change, as of parameters without a gradient, since no
        step in eager mode would have made it; says whether there was any."""
        changed = _changed(made)
        idle = [begun for begun in self.states if not _any_of(begun[2], changed)]
        for optimizer, parameter, _ in idle:
            del optimizer.state[parameter]
        self.states = [begun for begun in self.states if _any_of(begun[2], changed)]
        return bool(idle)


def _any_of(state: dict[str, Any], changed: set[int]) -> bool:
    """Whether a state, or a tensor in it, is among what changed."""
    return id(state) in changed or any(id(value) in changed for value in state.values())


def _changed(made: "Capture") -> set[int]:
    """The dictionaries whose numbers, and the tensors whose numbers, a trace changes, by id."""
    found = {id(made.reach.numbers[e.index].box) for e in made.effects if e.kind == "number"}
    sources = [made.roles[e.index].source for e in made.effects if e.kind == "write"]
    return found | {id(made.reach.tensors[s.index]) for s in sources if s.kind == "state"}
