"""The symptom panel: examines any model with its loss, batch and step, and lists what ails it.

Python examines twins; the page lists what they showed, and asks for a step or another look.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any, final

import anywidget
import traitlets

from minidl import Tensor, nn

from .assets import script, style
from .checkup import Checkup, examine
from .findings import GRADES, Finding
from .patients import Exam, Pair, Patient, Step, sound_step
from .symptoms_drawing import symptoms_svg
from .writing import number as written

MOST = 100  # steps that one message may ask for


@final
class SymptomPanel(anywidget.AnyWidget):
    """What ails a network in training: each symptom with its number, its limit and its place.

    ::

        SymptomPanel(model, nn.CrossEntropyLoss(), (x, y), optimizer)
        SymptomPanel(model, my_loss, (x, y), optimizer, step=my_step, evaluate=my_exam,
                     validation=(exam_x, exam_y), learned=(train_x, train_y))

    An examination changes nothing: forward, backward and steps are taken by twins, under dice that
    are put back. It costs about ten passes of the batch, and room for the model twice more. The
    buttons do change something: they take steps with the model itself.

    Args:
        model: any Module, in the mode in which it is.
        loss_fn: a function of output and target, or a Module.
        batch: inputs and targets; a tuple of inputs for a model that takes several.
        optimizer: turns the model's dials; without it no step is examined or taken.
        step: the learner's own step, a function (model, optimizer, loss_fn, x, y); without it
            wipe, forward, loss, back, turn.
        validation: inputs and targets of the exam; looked for among what is learned from.
        learned: inputs and targets of all that is learned from; the batch, where it is not given.
        evaluate: the learner's own exam, (model, x, y) -> a number.
        batches: pairs for the steps that the buttons take, over and over; the batch, without them.
        names: False keeps the names of the ailments back, for whoever wants to find them alone.

    `findings` holds everything that was looked at, the ill first.
    """

    _esm = script("symptoms")
    _css = style("symptoms")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: nn.Module,
        loss_fn: Callable[[Any, Any], Tensor],
        batch: Pair,
        optimizer: Any = None,
        *,
        step: Step | None = None,
        validation: Pair | None = None,
        learned: Pair | None = None,
        evaluate: Exam | None = None,
        batches: Iterable[Pair] | None = None,
        names: bool = True,
    ):
        if not isinstance(model, nn.Module):
            raise TypeError(f"SymptomPanel examines a Module, got {type(model).__name__}.")
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            raise TypeError("A batch is a pair: inputs and targets.")
        super().__init__()
        own = (step or sound_step) if optimizer is not None else None
        self.patient = Patient(
            model, loss_fn, (batch[0], batch[1]), optimizer, own, validation, learned, evaluate
        )
        self._batches, self._coming, self._names = batches, iter(()), names
        self._serial, self.steps = 0, 0
        self._first = deepcopy([part.state_dict() for part in self._remembering()])
        self._before: set[tuple[str, str]] | None = None
        self.checkup: Checkup
        self.on_msg(self._hear)
        self.examine()

    @property
    def findings(self) -> list[Finding]:
        """Everything that was looked at last time, the ill first."""
        return self.checkup.findings

    def examine(self) -> list[Finding]:
        """Looks again; returns the symptoms, the worst first."""
        self._look()
        return self.checkup.ill

    def step(self, count: int = 1) -> list[Finding]:
        """Takes steps with the model itself and looks again; returns the symptoms."""
        problem = ""
        try:
            self._take(count)
        except Exception as error:
            problem = f"The step stopped: {type(error).__name__}: {error}".rstrip(": ") + "."
        self._look(problem)
        return self.checkup.ill

    def reset(self) -> list[Finding]:
        """Puts model and optimiser back to where they were when the panel was made; looks again."""
        for part, state in zip(self._remembering(), self._first, strict=True):
            part.load_state_dict(deepcopy(state))
        for dial in self.patient.model.parameters():
            dial.grad = None
        self.steps, self._before, self._coming = 0, None, iter(())
        return self.examine()

    def _remembering(self) -> list[Any]:
        """The model, and the optimiser where it has a memory that can be put back."""
        both = [self.patient.model, self.patient.optimizer]
        return [part for part in both if hasattr(part, "load_state_dict")]

    def _take(self, count: int) -> None:
        patient = self.patient
        if patient.step is None:
            raise ValueError("hand over optimizer=, which turns the dials")
        for _ in range(max(1, min(count, MOST))):
            patient.step(patient.model, patient.optimizer, patient.loss_fn, *self._next())
            self.steps += 1

    def _next(self) -> Pair:
        """The pair for the next step."""
        if self._batches is None:
            return self.patient.batch
        found = next(self._coming, None)
        if found is None:
            self._coming = iter(self._batches)
            found = next(self._coming)
        return found[0], found[1]

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": examine, step or reset; all else is not for us."""
        match message:
            case {"type": "examine"}:
                self.examine()
            case {"type": "step", "count": int(count)}:
                self.step(count)
            case {"type": "reset"}:
                self.reset()

    def _look(self, problem: str = "") -> None:
        self._serial += 1
        self.checkup = found = examine(self.patient)
        now = [(finding.ailment, finding.place) for finding in found.ill]
        before, self._before = self._before, set(now)
        gone = {name for name, _ in (before or set())} - {name for name, _ in now}
        new = [before is not None and one not in before for one in now]
        self.scene = {
            "serial": self._serial,
            "steps": self.steps,
            "can_step": self.patient.step is not None,
            "said": self._said(found, sorted(gone)),
            "ill": [
                self._told(finding, number) | {"new": fresh}
                for number, (finding, fresh) in enumerate(zip(found.ill, new, strict=True), 1)
            ],
            "healthy": [self._told(finding) for finding in found.healthy],
            "missing": [finding.plain() for finding in found.missing if self._names],
            "layers": found.layers,
            "problem": " ".join(filter(None, [problem, found.problem])),
        }

    def _told(self, finding: Finding, number: int = 0) -> dict[str, Any]:
        """A finding for the page; where names are kept back, only what was measured."""
        if self._names:
            return finding.plain()
        name = f"symptom {number}" if number else ""
        return finding.plain() | {"ailment": name, "means": ""}

    def _said(self, found: Checkup, gone: list[str]) -> str:
        taken = f"After {self.steps} {'step' if self.steps == 1 else 'steps'}: "
        words = [(taken if self.steps else "") + _counted(found) + "."]
        if found.loss is not None:
            words.append(f"The loss of this batch is {written(found.loss, 3)}.")
        if gone:
            what = ", ".join(gone) if self._names else f"{len(gone)} of the symptoms"
            words.append(f"Gone since the last look: {what}.")
        text = " ".join(words)
        return text[:1].upper() + text[1:]

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        return {**data, "image/svg+xml": symptoms_svg(self.scene, words), "text/plain": words}, more

    def __repr__(self) -> str:
        """ "SymptomPanel: dead units (critical), loss too high (watch)"."""
        named = [f"{one['ailment']} ({one['word']})" for one in self.scene["ill"]]
        return f"SymptomPanel: {', '.join(named) or 'nothing ails it'}"

    __str__ = __repr__


def _counted(found: Checkup) -> str:
    """ "2 symptoms, 1 critical and 1 to watch; 12 things are healthy"."""
    ill, well = found.ill, len(found.healthy)
    rest = f"{well} {'thing is' if well == 1 else 'things are'} healthy"
    if not ill:
        return f"no symptoms; {rest}"
    if len(ill) == 1:
        return f"1 symptom, {'to watch' if ill[0].grade == 1 else ill[0].word}; {rest}"
    return f"{len(ill)} symptoms, {_grades(ill)}; {rest}"


def _grades(ill: list[Finding]) -> str:
    """ "both critical", "all serious", "1 critical and 2 to watch"."""
    words = ["to watch" if grade == 1 else GRADES[grade] for grade in (3, 2, 1)]
    counts = [sum(finding.grade == grade for finding in ill) for grade in (3, 2, 1)]
    told = [(count, word) for count, word in zip(counts, words, strict=True) if count]
    if len(told) == 1:
        return f"{'both' if len(ill) == 2 else 'all'} {told[0][1]}"
    return " and ".join(f"{count} {word}" for count, word in told)
