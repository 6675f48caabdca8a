"""The graph stepper: the learner's own expression, walked forward and back, an edge at a time.

Python runs the learner's code and tells the walk as a list of steps; the page shows the step that
was asked for.
"""

import inspect
from collections.abc import Mapping
from typing import Any, final

import anywidget
import traitlets

from minidl.backend import quiet

from . import history, leaves as table, scalars, tensors, writing
from .assets import script, style
from .drawing import finished, svg
from .picture import Picture, walk_back
from .scene import scene


@final
class GraphStepper(anywidget.AnyWidget):
    """Step through a graph: values forward, then gradients backward, with every `+=` shown.

    ::

        GraphStepper(lambda x, y: x * y + x, engine=Value, x=2.0, y=-1.0)  # the learner's engine
        GraphStepper(lambda x, y: x * y + x, x=2.0, y=-1.0)                # minidl's
        GraphStepper(result)                                               # a graph that exists

    Args:
        f: a function of the leaves, called anew on each change; or a value that has a history.
        examples: leaves by position (tensors, mostly), named as `f` names them.
        engine: the learner's class; without it minidl's tensors.
        leaves: leaves by name. Numbers can be changed in the page.

    `step` is the step shown; `story()` tells all of them in words.
    """

    _esm = script("graph_parts", "graph")
    _css = style("graph")
    scene = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(self, f: Any, /, *examples: Any, engine: type | None = None, **leaves: Any):
        super().__init__()
        if engine is not None and not isinstance(engine, type):
            raise TypeError(f"engine must be the class itself, as engine=Value; got {engine!r:.60}")
        self._source, self._engine = f, engine
        self._leaves = {**dict(zip(_names(f, len(examples)), examples, strict=True)), **leaves}
        self._opened: set[str] = set()
        self._serial = 0
        self.on_msg(self._hear)
        self._look()

    def story(self) -> list[str]:
        """What each step says, first to last."""
        return [step["say"] for step in self.scene["steps"]]

    def edit(self, leaf: str, value: float) -> None:
        """Give a leaf another number; the learner's code runs again."""
        if not table.editable(self._leaves.get(leaf)):
            known = ", ".join(name for name, x in self._leaves.items() if table.editable(x))
            raise KeyError(f"no number named {leaf!r} to change here; there is: {known or None}")
        self._leaves[leaf] = float(value)
        self._look()

    def unfold(self, module: str) -> None:
        """Open a module's box: its operations, or the modules within, take its place."""
        self._opened.add(module)
        self._show()

    def fold(self, module: str) -> None:
        """Close a module again, and all within it."""
        self._opened = {path for path in self._opened if not f"{path}/".startswith(f"{module}/")}
        self._show()

    def _hear(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """What the page asks, by its "type": edit, unfold or fold; anything else is not for us."""
        match message:
            case {"type": "edit", "leaf": str(leaf), "value": int() | float() as value}:
                self.edit(leaf, value)
            case {"type": "unfold", "module": str(module)}:
                self.unfold(module)
            case {"type": "fold", "module": str(module)}:
                self.fold(module)

    def _look(self) -> None:
        """Run the code on the leaves as they are, and show what came."""
        with quiet():  # an overflow is shown in the picture; a warning besides would be noise
            self._picture = self._run()
            self._walked = walk_back(self._picture)
            self._rows = table.rows(self._leaves, self._picture, self._walked[1], self._nudge)
        self._show()

    def _run(self) -> Picture:
        exists = not callable(self._source)
        if self._engine is not None:
            return scalars.run(self._source, self._leaves, self._engine)
        if exists and not tensors.known(self._source) and scalars.known(self._source):
            return scalars.look(self._source)
        return history.look(self._source) if exists else tensors.run(self._source, self._leaves)

    def _nudge(self, name: str) -> float | None:
        if self._engine is not None:
            return scalars.nudge(self._source, self._leaves, self._engine, name)
        return tensors.nudge(self._source, self._leaves, name)

    def _show(self) -> None:
        with quiet():
            drawn = scene(self._picture, self._walked, self._opened)
        self._serial += 1
        notices = [*(row["verdict"] for row in self._rows), self._picture.notice]
        drawn |= {"serial": self._serial, "leaves": self._rows}
        drawn["notice"] = next(filter(None, notices), "")
        drawn["own"] = "yours" if self._engine is not None else "backward()"
        engine = "your" if self._engine is not None else "minidl's"
        drawn["agreed"] = "" if drawn["notice"] else table.agreed(self._rows, engine)
        with self.hold_sync():
            self.scene = drawn
            self.step = min(self.step, len(drawn["steps"]) - 1)

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        words = str(self)
        return {**data, "image/svg+xml": svg(self.scene, words), "text/plain": words}, more

    def __repr__(self) -> str:
        """ "GraphStepper: 5 nodes; out = 2; gradients x 3, y 2": the same in every session."""
        picture = self._picture
        if picture.root is None:
            return f"GraphStepper: {len(picture.nodes)} nodes. {picture.problem}"
        values, grads = finished(self.scene)
        ends = [n for n in self.scene["nodes"] if n["leaf"] and n["id"] in grads]
        found = ", ".join(f"{n['name']} {grads[n['id']]}" for n in ends)
        root = writing.value(picture.nodes[picture.root].value)
        said = f"GraphStepper: {len(picture.nodes)} nodes; result {root}"
        return f"{said}; gradients {found}" if found else said

    __str__ = __repr__


def _names(f: Any, count: int) -> list[str]:
    """What `f` calls its first inputs."""
    if not count:
        return []
    call = f.forward if hasattr(f, "forward") else f
    names = [name for name in inspect.signature(call).parameters if name not in ("self", "args")]
    return (names + [f"x{i}" for i in range(count)])[:count]
