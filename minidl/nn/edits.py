"""How often any module was changed: one number by which a compiled program sees that none was."""

from typing import final


@final
class Edits:
    """A count that grows whenever some module of this process is changed.

    It grows where an attribute, parameter, buffer, submodule or hook is set to another or taken
    away, by train() and eval() where they change the mode, by requires_grad_() and by to(). While
    it stands still, every module has the attributes it had. It does not see what happens inside
    an attribute: a list that grows, a tensor whose numbers, `data` or requires_grad change.
    """

    __slots__ = ("count",)

    def __init__(self):
        self.count = 0


edits = Edits()
