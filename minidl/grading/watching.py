"""Who wants to hear of a change: bound methods, called as long as their owners live."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import final


@final
class Watchers:
    """A list of methods to call; those whose owners are gone fall out by themselves."""

    def __init__(self) -> None:
        self._methods: list[Callable[[], Callable[[], None] | None]] = []

    def add(self, look: Callable[[], None]) -> None:
        """Calls this bound method at each `tell`."""
        self._methods.append(weakref.WeakMethod(look))  # type: ignore[arg-type]

    def tell(self) -> None:
        """Calls them all."""
        for method in list(self._methods):
            look = method()
            if look is None:
                self._methods.remove(method)
            else:
                look()
