"""The batches of a run, epoch after epoch, and the place among them where it can be taken up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from time import perf_counter
from typing import Any, final


@final
class Feed:
    """Hands a loader's batches to the trainer, which adds 1 to `done` when a step is complete.

    What a loader has handed out and what the trainer has done differ, while a step is under way and
    when batches are fetched ahead; so the place to go on from is the loader's pass with `done` for
    its position. A loader without `state_dict`, such as a list of batches, is entered by skipping.
    """

    def __init__(self, loader: Iterable[Any]):
        self.loader: Any = loader
        self.done = 0  # batches of the epoch under way
        self._pass: Any = None  # the loader's iterator
        self._place: dict[str, Any] | None = None  # what to load into the loader before going on

    @property
    def length(self) -> int | None:
        """Batches in an epoch; None if the loader has no length."""
        try:
            return len(self.loader)
        except TypeError:
            return None

    def epoch(self) -> Iterator[tuple[Any, bool, float]]:
        """The batches left in this epoch, whether each is the last, and when it was asked for."""
        length, self._pass = self.length, self._enter()
        begun, batch = perf_counter(), next(self._pass, None)
        while batch is not None:
            # Without a length, only the next batch tells whether this one is the last.
            following = next(self._pass, None) if length is None else None
            last = following is None if length is None else self.done + 1 == length
            if last:
                next(self._pass, None)  # lets the loader see that its pass is over
            yield batch, last, begun
            begun = perf_counter()
            batch = next(self._pass, None) if length is not None else following

    def leave(self) -> None:
        """The epoch is over or interrupted: remember the place, end the loader's threads."""
        self._place = self.state_dict() if self.done else None
        getattr(self._pass, "close", lambda: None)()
        self._pass = None

    def _enter(self) -> Iterator[Any]:
        place, self._place = self._place, None
        if place is not None:
            self.loader.load_state_dict(place)
        skip = self.done if place is None else 0
        return islice(self.loader, skip, None) if skip else iter(self.loader)

    def state_dict(self) -> dict[str, Any] | None:
        """The place as plain numbers; None if the loader keeps no state."""
        if self.done and hasattr(self._pass, "state_dict"):
            return {**self._pass.state_dict(), "position": self.done}
        if self.done or self._place is not None:
            return self._place
        return getattr(self.loader, "between_passes", lambda: None)()

    def load_state_dict(self, state: dict[str, Any] | None) -> None:
        """Go on from a place; `done`, how far into the epoch it is, is the trainer's to set."""
        self._place = state
