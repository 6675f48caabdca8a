"""How a tensor shows itself: PyTorch's layout, so that an example reads the same in both."""

from typing import Any

from . import backend
from .backend import bool_, int64, to_text
from .dtypes import complex_of, get_default_dtype


def text_of(tensor: Any) -> str:
    """tensor([1., 2.], requires_grad=True)"""
    if tensor.device.type == "paper":
        return f"tensor(on paper, shape={tensor.shape}, dtype={tensor.dtype})"
    host = tensor.device.to_host(tensor.array)
    body = to_text(host, separator=", ", prefix="tensor(", **_layout(host))
    if host.size == 0:
        body = "[]"
    notes = []
    if host.size == 0 and host.shape != (0,):
        notes.append(f"size={tuple(host.shape)}")
    if tensor.device.type != "cpu":
        notes.append(f"device='{tensor.device}'")
    default = get_default_dtype()
    obvious = (default, complex_of(default), int64, bool_) if host.size else (default,)
    if tensor.dtype not in obvious:
        notes.append(f"dtype=minidl.{tensor.dtype}")
    if tensor.node is not None:
        notes.append(f"grad_fn=<{tensor.node.name}>")
    elif tensor.requires_grad:
        notes.append("requires_grad=True")
    title = "Parameter containing:\n" if tensor._is_parameter else ""
    return f"{title}tensor({', '.join([body, *notes])})"


def _layout(host: Any) -> dict[str, Any]:
    """How NumPy is to write each number."""
    if backend.category(host.dtype) < 2:
        return {}
    if backend.category(host.dtype) == 2:
        return {"formatter": {"float_kind": _writer(host)}}
    x, y = _writer(host.real), _writer(host.imag)
    return {"formatter": {"complex_kind": lambda z: x(z.real) + _signed(y(z.imag)) + "j"}}


def _signed(text: str) -> str:
    """The imaginary part as it follows the real one."""
    text = text.lstrip()
    return text if text.startswith("-") else "+" + text


def _writer(host: Any) -> Any:
    """Four digits after the point, or the shorter form where every number is whole."""
    with backend.quiet():
        finite = host[abs(host) < float("inf")].astype("float64")
        whole = bool((finite == finite.round()).all())
        sizes = abs(finite[finite != 0])
    top, low = (sizes.max(), sizes.min()) if sizes.size else (1.0, 1.0)
    if top >= 1e8 or not whole and (low < 1e-4 or top / low > 1000 and top > 1000):
        form = "{:.4e}".format
    else:
        form = "{:.0f}.".format if whole else "{:.4f}".format
    width = (
        max((len(form(x)) for x in (finite.max(), finite.min())), default=0) if finite.size else 0
    )
    return lambda x: _text(x, form).rjust(width)


def _text(x: float, form: Any) -> str:
    return form(x) if abs(x) < float("inf") else str(x)
