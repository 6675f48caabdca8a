"""The workloads once more as plain functions of arrays, for peers that have no modules.

`np` is jax.numpy, autograd.numpy, or has what is taken from them here; `nn` has what these do not
share: `conv`, `pool`, `gelu`, `sigmoid`, `scan`. Weights bear the names that PyTorch gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

Weights = dict[str, Any]
BUFFERS = ("running_mean", "running_var", "num_batches_tracked")
KEPT = 0.9  # of a running statistic, as BatchNorm2d(momentum=0.1) does


def parted(start: Mapping[str, Any]) -> tuple[Weights, Weights]:
    """Weights that are trained, and statistics that are only kept."""
    kept = {name: value for name, value in start.items() if name.endswith(BUFFERS)}
    return {name: value for name, value in start.items() if name not in kept}, kept


def linear(p: Weights, name: str, x: Any) -> Any:
    y = x @ p[f"{name}.weight"].T
    return y + p[f"{name}.bias"] if f"{name}.bias" in p else y


def perceptron(np: Any, nn: Any, p: Weights, kept: Weights, x: Any, size: Any) -> Any:
    last = 2 * (len(size["widths"]) - 2)
    for place in range(0, last, 2):
        x = np.maximum(linear(p, str(place), x), 0)
    return linear(p, str(last), x), kept


def convolutions(np: Any, nn: Any, p: Weights, kept: Weights, x: Any, size: Any) -> Any:
    """Both of 8x8, which pads and has one linear layer, and of 28x28, which has two."""
    padding = 0 if "8.weight" in p else 1
    for place in ("0", "2"):
        x = np.maximum(nn.conv(x, p[f"{place}.weight"], 1, padding) + bias(p, place), 0)
    x = nn.pool(x).reshape(len(x), -1)
    if not padding:
        return linear(p, "8", np.maximum(linear(p, "6", x), 0)), kept
    return linear(p, "6", x), kept


def bias(p: Weights, name: str) -> Any:
    return p[f"{name}.bias"].reshape(1, -1, 1, 1)


def residual(np: Any, nn: Any, p: Weights, kept: Weights, x: Any, size: Any) -> Any:
    kept = dict(kept)

    def norm(name: str, x: Any) -> Any:
        mean, var = np.mean(x, (0, 2, 3)), np.var(x, (0, 2, 3))
        count = prod(x.shape) // x.shape[1]
        for key, value in (("mean", mean), ("var", var * (count / (count - 1)))):
            before = kept[f"{name}.running_{key}"]
            kept[f"{name}.running_{key}"] = KEPT * before + (1 - KEPT) * value
        kept[f"{name}.num_batches_tracked"] = kept[f"{name}.num_batches_tracked"] + 1
        y = (x - mean.reshape(1, -1, 1, 1)) / np.sqrt(var.reshape(1, -1, 1, 1) + 1e-5)
        return y * p[f"{name}.weight"].reshape(1, -1, 1, 1) + bias(p, name)

    def block(name: str, x: Any, stride: int) -> Any:
        y = nn.conv(x, p[f"{name}.conv1.weight"], stride, 1)
        y = nn.conv(np.maximum(norm(f"{name}.bn1", y), 0), p[f"{name}.conv2.weight"], 1, 1)
        if stride > 1:
            x = nn.conv(x, p[f"{name}.shortcut.0.weight"], stride, 0)
            x = norm(f"{name}.shortcut.1", x)
        return np.maximum(norm(f"{name}.bn2", y) + x, 0)

    x = np.maximum(norm("1", nn.conv(x, p["0.weight"], 1, 1)), 0)
    x = block("4", block("3", x, 1), 2)
    return linear(p, "7", np.mean(x, (2, 3))), kept


def recurrent(np: Any, nn: Any, p: Weights, kept: Weights, x: Any, size: Any) -> Any:
    w, u = p["lstm.weight_ih_l0"], p["lstm.weight_hh_l0"]
    gates = p["embedding.weight"][x] @ w.T + p["lstm.bias_ih_l0"] + p["lstm.bias_hh_l0"]

    def cell(state: Any, given: Any) -> Any:
        h, c = state
        i, f, g, o = np.split(given + h @ u.T, 4, axis=1)
        c = nn.sigmoid(f) * c + nn.sigmoid(i) * np.tanh(g)
        h = nn.sigmoid(o) * np.tanh(c)
        return (h, c), h

    zero = np.zeros((size["batch"], size["width"]), dtype="float32")
    hidden = nn.scan(cell, (zero, zero), np.transpose(gates, (1, 0, 2)))
    return linear(p, "head", np.transpose(hidden, (1, 0, 2))), kept


def gpt(np: Any, nn: Any, p: Weights, kept: Weights, x: Any, size: Any) -> Any:
    heads, (batch, length), width = size["heads"], x.shape, size["width"]
    unseen = np.triu(np.full((length, length), -1e9, dtype="float32"), 1)

    def norm(name: str, x: Any) -> Any:
        away = x - np.mean(x, -1, keepdims=True)
        y = away / np.sqrt(np.mean(away * away, -1, keepdims=True) + 1e-5)
        return y * p[f"{name}.weight"] + p[f"{name}.bias"]

    def attention(name: str, x: Any) -> Any:
        parts = np.split(linear(p, f"{name}.c_attn", x), 3, axis=2)
        shape = (batch, length, heads, width // heads)
        q, k, v = (np.transpose(part.reshape(shape), (0, 2, 1, 3)) for part in parts)
        scores = q @ np.transpose(k, (0, 1, 3, 2)) * (width // heads) ** -0.5 + unseen
        e = np.exp(scores - np.max(scores, -1, keepdims=True))
        y = (e / np.sum(e, -1, keepdims=True)) @ v
        return linear(
            p, f"{name}.c_proj", np.transpose(y, (0, 2, 1, 3)).reshape(batch, length, width)
        )

    h = p["wte.weight"][x] + p["wpe.weight"]
    for layer in range(size["layers"]):
        h = h + attention(f"h.{layer}.attn", norm(f"h.{layer}.ln_1", h))
        inner = linear(p, f"h.{layer}.mlp.0", norm(f"h.{layer}.ln_2", h))
        h = h + linear(p, f"h.{layer}.mlp.2", nn.gelu(inner))
    return linear(p, "head", norm("ln_f", h)), kept


MODELS = {"W1s": perceptron, "W1": perceptron, "W2s": convolutions, "W2": convolutions}
MODELS |= {"W2r": residual, "W3": recurrent, "W4": gpt}


def cross_entropy(np: Any, logits: Any, y: Any) -> Any:
    """Mean of log(sum exp) - the right class's logit."""
    flat, right = logits.reshape(-1, logits.shape[-1]), y.reshape(-1)
    top = np.max(flat, 1, keepdims=True)
    total = np.log(np.sum(np.exp(flat - top), 1)) + top[:, 0]
    return (total - flat[np.arange(len(right)), right]).mean()


def first_state(np: Any, kind: str, options: Mapping[str, float], p: Weights) -> Any:
    """What the optimiser remembers before it has seen a gradient."""
    if kind == "SGD" and not options.get("momentum"):
        return 0, {}, {}
    m, v = ({name: np.zeros_like(w) for name, w in p.items()} for _ in range(2))
    return 0, m, v


def update(
    np: Any, kind: str, options: Mapping[str, float], p: Weights, g: Weights, state: Any
) -> tuple[Weights, Any]:
    """SGD with or without momentum, Adam, AdamW: new weights and new state."""
    rate, (step, m, v) = options["lr"], state
    step = step + 1
    if kind == "SGD" and not m:
        return {k: w - rate * g[k] for k, w in p.items()}, (step, m, v)
    if kind == "SGD":
        m = {k: options["momentum"] * m[k] + g[k] for k in p}
        return {k: w - rate * m[k] for k, w in p.items()}, (step, m, v)
    shrink = 1 - rate * options.get("weight_decay", 0.0)
    m = {k: 0.9 * m[k] + 0.1 * g[k] for k in p}
    v = {k: 0.999 * v[k] + 0.001 * (g[k] * g[k]) for k in p}
    size, scale = rate / (1 - 0.9**step), (1 - 0.999**step) ** -0.5
    new = {k: shrink * w - size * m[k] / (scale * np.sqrt(v[k]) + 1e-8) for k, w in p.items()}
    return new, (step, m, v)


def loss_of(np: Any, nn: Any, name: str, size: Any) -> Callable[..., Any]:
    """(weights, statistics, x, y) -> loss, new statistics."""

    def loss(p: Weights, kept: Weights, x: Any, y: Any) -> Any:
        logits, kept = MODELS[name](np, nn, p, kept, x, size)
        return cross_entropy(np, logits, y), kept

    return loss
