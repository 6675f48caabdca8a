"""What is tried, one file per family; CASES maps PyTorch's name to its trials."""

from importlib import import_module
from pkgutil import iter_modules

from ..case import Trial

CASES: dict[str, list[Trial]] = {}
for _family in iter_modules(__path__):
    CASES |= import_module(f"{__name__}.{_family.name}").CASES
