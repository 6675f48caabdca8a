"""What a module knows as a flat dictionary: written by name, read back only if all of it fits."""

from typing import TYPE_CHECKING, Any, NamedTuple, final

from ..creation import as_tensor
from ..tape import no_grad
from ..tensors import Tensor

if TYPE_CHECKING:
    from .module import Module


@final
class IncompatibleKeys(NamedTuple):
    """Keys the module has and the state lacks, and keys the module does not know."""

    missing_keys: list[str]
    unexpected_keys: list[str]


def collect(module: "Module", into: dict[str, Any], prefix: str, keep_vars: bool) -> dict[str, Any]:
    """Writes parameters, then persistent buffers, then the submodules' state, in order."""
    hooks = module._hooks
    for hook in tuple(hooks.saving.values()) if hooks else ():
        hook(module, prefix, keep_vars)
    for name, value in _own(module):
        into[prefix + name] = value if keep_vars else value.detach()
    for name, child in module._modules.items():
        if child is not None:
            child.state_dict(destination=into, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
    for hook in tuple(hooks.saved.values()) if hooks else ():
        hook(module, into, prefix, {})
    return into


def restore(module: "Module", state: dict[str, Any], strict: bool) -> IncompatibleKeys:
    """Copies a state into a module; where something does not fit, nothing is written.

    Raises:
        RuntimeError: shapes differ, or (if `strict`) keys are missing or unknown.
    """
    state = dict(state)
    missing, unexpected, problems = [], [], []
    for prefix, part in _parts(module):
        for hook in tuple(part._hooks.loading.values()) if part._hooks else ():
            hook(part, state, prefix, {}, strict, missing, unexpected, problems)
    own = {prefix + k: v for prefix, part in _parts(module) for k, v in _own(part)}
    missing += [key for key in own if key not in state]
    unexpected += [key for key in state if key not in own]
    values = {key: as_tensor(state[key]) for key in own if key in state}
    for key, value in values.items():
        if value.shape != own[key].shape:
            problems.append(
                f"'{key}': the module holds shape {own[key].shape}, the state {value.shape}"
            )
    if strict:
        problems += [f"unknown key '{key}'{nearest(key, own)}" for key in unexpected]
        problems += [f"missing key '{key}'{nearest(key, unexpected)}" for key in missing]
    if problems:
        raise RuntimeError(
            f"{type(module).__name__}.load_state_dict: the state does not fit, nothing was loaded:"
            + "".join(f"\n  {problem}" for problem in problems)
        )
    with no_grad():
        for key, value in values.items():
            own[key].copy_(value)
    return _announce(module, IncompatibleKeys(missing, unexpected))


def _announce(module: "Module", keys: IncompatibleKeys) -> IncompatibleKeys:
    for _, part in _parts(module):
        for hook in tuple(part._hooks.loaded.values()) if part._hooks else ():
            hook(part, keys)
    return keys


def _own(module: "Module") -> list[tuple[str, Tensor]]:
    """A module's own parameters and persistent buffers."""
    kept = {k: v for k, v in module._buffers.items() if k not in module._non_persistent}
    return [(k, v) for part in (module._parameters, kept) for k, v in part.items() if v is not None]


def _parts(module: "Module") -> list[tuple[str, "Module"]]:
    """Every module of the tree by key prefix, one that stands in two places twice."""
    named = module.named_modules(remove_duplicate=False)
    return [(f"{name}." if name else "", part) for name, part in named]


def nearest(key: str, known: Any) -> str:
    """A hint that names the known key most like this one."""
    from difflib import get_close_matches  # only where something went wrong

    found = get_close_matches(key, list(known), 1)
    return f" (did you mean '{found[0]}'?)" if found else ""
