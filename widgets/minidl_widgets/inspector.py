"""The batch inspector: a live batch, each change of an item step by step, and what has leaked.

Python asks the loader for its plan and repeats what its threads would do for an item; the page
draws. Nothing is taken from the loader: its next epoch is what it would have been.
"""

from collections.abc import Callable, Mapping
from typing import Any, final

import anywidget
import traitlets

from minidl.data import DataLoader

from .assets import script, style
from .chains import Chain, chain
from .inspector_drawing import inspector_svg
from .inspector_parts import LARGE, SMALL, facts, features, histogram, label, samples, shown
from .leaks import findings
from .peeking import Pass, peek

DRAWN = 64  # items of a batch
BATCH = 16  # of a data set that comes without a loader
EPOCHS = 99
LARGEST_SEED = 2**53 - 1


@final
class BatchInspector(anywidget.AnyWidget):
    """See what a loader hands out: batch by batch, item by item, step by step.

    ::

        BatchInspector(DataLoader(data, 32, shuffle=True))
        BatchInspector(data, Compose([Pad(4), RandomShift(4)]), validation=others)

    Args:
        data: a `DataLoader`, any other loader that has a `dataset`, or a data set alone.
        transform: a transform or several, which come after the data set's own.
        validation: the set (or loader) that must share nothing with `data`: both are searched for
            leaks. What `transform` changes without drawing is changed in it as well.
        seed: the loader's generator begins there: what is shown is what `DataLoader(...,
            generator=minidl.Generator(seed))` hands out.
        name: what the data is called in the page.

    Epochs, batches and items are counted from 0 in Python, epochs and batches from 1 in the page.
    `findings` holds what was found about leaks.
    """

    _esm = script("inspector")
    _css = style("inspector")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        data: Any,
        transform: Callable[[Any], Any] | list | tuple | None = None,
        *,
        validation: Any = None,
        seed: int = 0,
        name: str = "training set",
    ):
        loader = data if hasattr(data, "dataset") and hasattr(data, "__iter__") else None
        dataset = data if loader is None else loader.dataset
        self._chain = chain(dataset, transform)
        if not len(self._chain.places):
            raise ValueError("The data set has no items: there is nothing to inspect.")
        super().__init__()
        self._loader = DataLoader(dataset, BATCH, shuffle=True) if loader is None else loader
        self._classes = getattr(self._chain.root, "classes", ())
        self._name, self._serial = name, 0
        self._seed, self._epoch, self._batch, self._place, self._feature = seed, 0, 0, 0, 0
        self.findings = findings(self._chain, self._beside(validation, transform))
        self._pass: Pass | None = None
        self.on_msg(self._hear)
        self._turn()

    def _beside(self, validation: Any, transform: Any) -> Chain | None:
        """The other set taken apart, with those steps of `transform` that draw nothing."""
        if validation is None:
            return None
        loads = hasattr(validation, "dataset") and hasattr(validation, "__iter__")
        fixed = [s.change for s in self._chain.last(transform) if not s.random]
        return chain(validation.dataset if loads else validation, fixed)

    def go(self, epoch: int, batch: int, place: int = 0) -> None:
        """To an epoch, one of its batches, and an item in it, all counted from 0."""
        epoch = min(max(epoch, 0), EPOCHS - 1)
        if epoch != self._epoch or self._pass is None:
            self._epoch, self._pass = epoch, None
        self._batch, self._place = batch, place
        self._turn()

    def begin_with(self, seed: int) -> None:
        """Another seed."""
        self._seed, self._pass = seed, None
        self._turn()

    def compare(self, feature: int) -> None:
        """The numbers of one feature: 0 for all together, 1 for the first."""
        if 0 <= feature < len(self.scene["features"]):
            self._feature = feature
        self._turn()

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": go, seed or compare; anything else is not for us."""
        match message:
            case {"type": "go", "epoch": int(e), "batch": int(b), "place": int(p)}:
                self.go(e, b, p)
            case {"type": "seed", "seed": str(text)}:
                if text.strip().isdecimal() and int(text) <= LARGEST_SEED:
                    self.begin_with(int(text))
                else:
                    self._turn("A seed is a whole number, 0 or more.")
            case {"type": "compare", "feature": int(feature)}:
                self.compare(feature)

    def _turn(self, problem: str = "") -> None:
        """Works out the scene anew; the pass, and the numbers of many items, where they changed."""
        if self._pass is None:
            self._pass = peek(self._loader, self._seed, self._epoch)
            self._tables = samples(self._chain, self._pass.seed)
        batches = self._pass.batches or [[]]
        self._batch = min(max(self._batch, 0), len(batches) - 1)
        group = batches[self._batch]
        self._place = min(max(self._place, 0), max(min(len(group), DRAWN) - 1, 0))
        self._serial += 1
        self.scene = {
            "serial": self._serial,
            "name": self._name,
            "seed": str(self._seed),
            "epoch": self._epoch,
            "epochs": EPOCHS,
            "batch": self._batch,
            "batches": len(self._pass.batches),
            "size": len(group),
            "items": [self._item(index) for index in group[:DRAWN]],
            "place": self._place,
            "checks": [{"state": one.state, "words": one.words} for one in self.findings],
            **self._steps(group),
            **self._numbers(),
        }
        if problem:
            self.scene = {**self.scene, "problem": problem}

    def _item(self, index: int) -> dict[str, Any]:
        assert self._pass is not None
        stages, _ = self._chain.stages(index, self._pass.seed)
        return {
            "index": index,
            "label": label(stages[-1], self._classes),
            **shown(stages[-1], SMALL),
        }

    def _steps(self, group: list[int]) -> dict[str, Any]:
        """The chosen item on its way out of the data set."""
        assert self._pass is not None
        if not group:
            return {"steps": [], "problem": "This loader hands out no batch."}
        stages, problem = self._chain.stages(group[self._place], self._pass.seed)
        titles = [("as it lies there", False)]
        titles += [(step.title, step.random) for step in self._chain.steps]
        steps = [
            {"title": title, "random": random, "facts": facts(item), **shown(item, LARGE)}
            for (title, random), item in zip(titles, stages, strict=False)
        ]
        return {"steps": steps, "problem": problem}

    def _numbers(self) -> dict[str, Any]:
        """Histograms before the first step and after the last."""
        before, after = self._tables
        names = features(after if after is not None else before)
        self._feature = min(self._feature, max(len(names) - 1, 0))
        both = before is not None and after is not None and before.shape[1:] == after.shape[1:]
        return {
            "features": names,
            "feature": self._feature,
            "before": histogram(before, self._feature if both else 0),
            "after": histogram(after, self._feature) if self._chain.steps else None,
        }

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        return {
            **data,
            "image/svg+xml": inspector_svg(self.scene, words),
            "text/plain": words,
        }, more

    def __repr__(self) -> str:
        """ "BatchInspector: epoch 1, batch 1 of 23, 64 items, seed 0; 1 step; 0 alarms"."""
        s, states = self.scene, [one.state for one in self.findings]
        steps = f"{len(self._chain.steps)} step{'s' * (len(self._chain.steps) != 1)}"
        alarms = f"{states.count('alarm')} alarm{'s' * (states.count('alarm') != 1)}"
        return (
            f"BatchInspector: epoch {s['epoch'] + 1}, batch {s['batch'] + 1} of {s['batches']}, "
            f"{s['size']} items, seed {s['seed']}; {steps}; {alarms}"
        )

    __str__ = __repr__
