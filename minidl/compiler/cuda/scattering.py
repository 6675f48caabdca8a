"""Numbers that are added at places which other numbers name: a thread for each number."""

from __future__ import annotations

from collections.abc import Callable

from ..native.kernels import Scatter
from ..native.letters import c_type
from ..native.views import View
from .loops import THREADS


def scattering(kernel: Scatter, at: Callable, block: str, blocks: str, status: str) -> str:
    """The statement that adds the numbers of a scatter: the share of a block among some."""
    source, into, out = kernel.source, kernel.into, kernel.output
    kind = c_type(out.dtype)
    lines = [f"{{ {kind}* z = {at(out.buffer)}; const {kind}* x = "
             f"{at(source.buffer, source.offset, f'const {kind}*')};"]  # fmt: skip
    for k, (view, _, _) in enumerate(kernel.indices):
        index = c_type(view.dtype)
        lines.append(f"  const {index}* n{k} = {at(view.buffer, view.offset, f'const {index}*')};")
    lines.append(f"  for (int64_t c = ({block}) * {THREADS}LL + threadIdx.x; c < {source.size}; "
                 f"c += {blocks} * {THREADS}LL) {{")  # fmt: skip
    shift = ""
    for k, (view, n, far) in enumerate(kernel.indices):
        lines.append(f"    const int64_t j{k} = in_bounds(n{k}[{_at(view)}], {n}, {status});")
        shift += f" + j{k} * {far}"
    lines.append(f"    add_to(z + {into.offset} + {_at(into)}{shift}, x[{_at(source)}]);")
    return "\n".join([*lines, "  } }"])


def _at(view: View) -> str:
    """The shift of number c of a view's shape."""
    terms, behind = [], 1
    for d in range(len(view.shape) - 1, -1, -1):
        if view.steps[d] and view.shape[d] > 1:
            index = "c" if behind == 1 else f"c / {behind}"
            terms.append(f"({index}) % {view.shape[d]} * {view.steps[d]}")
        behind *= view.shape[d]
    return " + ".join(terms) or "0"
