"""ONNX's layers, norms, losses and recurrent networks, in minidl's functions."""

from typing import Any

import minidl as m
import minidl.nn.functional as F

from .reader import Node, Unsupported


def _around(node: Node, sizes: Any, kernel: Any, strides: Any, dilations: Any) -> list[int]:
    """Padding before and after each dimension: [begins..., ends...]."""
    rule, count = node("auto_pad", "NOTSET"), len(kernel)
    if rule in ("NOTSET", ""):
        return list(node("pads", [0] * 2 * count))
    if rule == "VALID":
        return [0] * 2 * count
    begins, ends = [], []
    for size, k, s, d in zip(sizes, kernel, strides, dilations, strict=True):
        whole = max((-(-size // s) - 1) * s + (k - 1) * d + 1 - size, 0)
        less, more = whole // 2, whole - whole // 2
        begins.append(less if rule == "SAME_UPPER" else more)
        ends.append(more if rule == "SAME_UPPER" else less)
    return begins + ends


def _padded(x: Any, pads: list[int], value: float = 0.0) -> Any:
    count = len(pads) // 2
    widths = [n for i in reversed(range(count)) for n in (pads[i], pads[i + count])]
    return F.pad(x, widths, value=value) if any(pads) else x


_CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


def _conv(node: Node, x: Any, weight: Any, bias: Any = None) -> Any:
    kernel = node("kernel_shape", weight.shape[2:])
    ones = [1] * len(kernel)
    strides, dilations = node("strides", ones), node("dilations", ones)
    x = _padded(x, _around(node, x.shape[2:], kernel, strides, dilations))
    options: dict[str, Any] = dict(stride=tuple(strides), dilation=tuple(dilations))
    options["groups"] = node("group", 1)
    return _CONV[len(kernel)](x, weight, bias, **options)


def _conv_transpose(node: Node, x: Any, weight: Any, bias: Any = None) -> Any:
    kernel = node("kernel_shape", weight.shape[2:])
    ones, none = [1] * len(kernel), [0] * len(kernel)
    strides, dilations = node("strides", ones), node("dilations", ones)
    extra = node("output_padding", none)
    functions = {1: F.conv_transpose1d, 2: F.conv_transpose2d}
    if len(kernel) not in functions:
        raise Unsupported(f"a transposed convolution in {len(kernel)} dimensions")
    full = [(n - 1) * s + (k - 1) * d + 1 + e for n, s, k, d, e in zip(
        x.shape[2:], strides, kernel, dilations, extra, strict=True)]  # fmt: skip
    pads = node("pads", none * 2)
    shape = node("output_shape")
    if shape is None and node("auto_pad", "NOTSET").startswith("SAME"):
        shape = [n * s for n, s in zip(x.shape[2:], strides, strict=True)]
    if shape is not None:
        missing = [max(n - f, 0) for f, n in zip(full, shape, strict=True)]
        extra = [e + gap for e, gap in zip(extra, missing, strict=True)]
        full = [f + gap for f, gap in zip(full, missing, strict=True)]
        over = [f - n for f, n in zip(full, shape, strict=True)]
        upper = node("auto_pad", "NOTSET") != "SAME_UPPER"
        first = [o - o // 2 if upper else o // 2 for o in over]
        pads = first + [o - f for o, f in zip(over, first, strict=True)]
    z = functions[len(kernel)](x, weight, None, tuple(strides), 0, 0, node("group", 1),
                               tuple(dilations))  # fmt: skip
    z = _padded(z, none + list(extra))
    for i, n in enumerate(full):
        z = m.narrow(z, i + 2, pads[i], n - pads[i] - pads[i + len(kernel)])
    return z if bias is None else z + bias.reshape(1, -1, *ones)


_MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
_AVERAGE = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


def _max_pool(node: Node, x: Any) -> Any:
    kernel = node("kernel_shape")
    ones = [1] * len(kernel)
    strides, dilations = node("strides", ones), node("dilations", ones)
    pads = _around(node, x.shape[2:], kernel, strides, dilations)
    begins, ends = pads[: len(kernel)], pads[len(kernel) :]
    if node.outputs > 1 and node("storage_order", 0):
        raise Unsupported("positions counted by columns")
    if node.outputs > 1 and begins != ends or not m.is_floating_point(x):
        raise Unsupported("positions under uneven padding, or whole numbers")
    rule = bool(node("ceil_mode", 0))
    options: dict[str, Any] = dict(stride=tuple(strides), dilation=tuple(dilations), ceil_mode=rule)
    if begins == ends and all(2 * b <= k for b, k in zip(begins, kernel, strict=True)):
        pooled = _MAX[len(kernel)](x, tuple(kernel), padding=tuple(begins), **options,
                                   return_indices=node.outputs > 1)  # fmt: skip
        if node.outputs == 1:
            return pooled
        size = 1
        for n in x.shape[2:]:
            size *= n
        values, places = pooled
        planes = m.arange(x.shape[0] * x.shape[1]).reshape(*x.shape[:2], *ones)
        return values, places + planes * size
    return _MAX[len(kernel)](_padded(x, pads, -float("inf")), tuple(kernel), **options)


def _average_pool(node: Node, x: Any) -> Any:
    kernel = node("kernel_shape")
    ones = [1] * len(kernel)
    strides, dilations = node("strides", ones), node("dilations", ones)
    if list(dilations) != ones:
        raise Unsupported("an average over windows with gaps")
    pads = _around(node, x.shape[2:], kernel, strides, dilations)
    counted, rule = bool(node("count_include_pad", 0)), bool(node("ceil_mode", 0))
    pool = _AVERAGE[len(kernel)]
    if rule and counted and any(pads):
        half = len(pads) // 2
        if pads[:half] == pads[half:]:
            return pool(x, tuple(kernel), tuple(strides), tuple(pads[:half]), rule, True)
    if counted:
        return pool(_padded(x, pads), tuple(kernel), tuple(strides), 0, rule)
    here = _padded(m.ones_like(x), pads)  # numbers that were there, per window
    total = pool(_padded(x, pads), tuple(kernel), tuple(strides), 0, rule)
    return total / pool(here, tuple(kernel), tuple(strides), 0, rule)


def _global(x: Any, function: Any) -> Any:
    return function(x, tuple(range(2, x.ndim)), True)


def _layer_norm(node: Node, x: Any, scale: Any, bias: Any = None) -> Any:
    axis = node("axis", -1) % x.ndim
    dims = tuple(range(axis, x.ndim))
    wide = x.float() if x.dtype == m.float16 else x
    mean = m.mean(wide, dims, True)
    spread = 1 / m.sqrt(m.var(wide, dims, correction=0, keepdim=True) + node("epsilon", 1e-5))
    y = F.layer_norm(wide, tuple(x.shape[axis:]), None, None, node("epsilon", 1e-5)).to(x.dtype)
    y = y * scale
    return (y if bias is None else y + bias), mean, spread


def _rms_norm(node: Node, x: Any, scale: Any) -> Any:
    axis = node("axis", -1) % x.ndim
    return F.rms_norm(x, tuple(x.shape[axis:]), None, node("epsilon", 1e-5)) * scale


def _batch_norm(node: Node, x: Any, scale: Any, bias: Any, mean: Any, var: Any) -> Any:
    if not node("training_mode", 0):
        return F.batch_norm(x, mean, var, scale, bias, eps=node("epsilon", 1e-5))
    dims = (0, *range(2, x.ndim))
    keep = node("momentum", 0.9)
    y = F.batch_norm(x, None, None, scale, bias, training=True, eps=node("epsilon", 1e-5))
    now = m.mean(x, dims), m.var(x, dims, correction=0)
    return y, keep * mean + (1 - keep) * now[0], keep * var + (1 - keep) * now[1]


def _group_norm(node: Node, x: Any, scale: Any, bias: Any) -> Any:
    return F.group_norm(x, node("num_groups"), scale, bias, node("epsilon", 1e-5))


def _variance_norm(node: Node, x: Any) -> Any:
    dims = tuple(node("axes", [0, 2, 3]))
    mean = m.mean(x, dims, True)
    return (x - mean) / (m.sqrt(m.mean(x * x, dims, True) - mean * mean) + 1e-9)


def _local_norm(node: Node, x: Any) -> Any:
    size = node("size")
    squares = (x * x).unsqueeze(1)
    before = (size - 1) // 2
    squares = F.pad(squares, [0, 0] * (x.ndim - 2) + [before, size - 1 - before])
    shifted = [m.narrow(squares, 2, i, x.shape[1]) for i in range(size)]
    total = m.stack(shifted).sum(0).squeeze(1)
    scale = node("bias", 1.0) + node("alpha", 1e-4) / size * total
    return x / scale ** node("beta", 0.75)


def _dropout(node: Node, x: Any, ratio: Any = None, training: Any = None) -> Any:
    drawn = training is not None and bool(training.item())
    share = node("ratio", 0.5) if ratio is None else ratio.item()
    if drawn and share or node("seed", 0) is None:
        raise Unsupported("random numbers that are to be ONNX's")
    return x, m.ones_like(x, dtype=m.bool)


def _nll(node: Node, logs: Any, target: Any, weight: Any = None) -> Any:
    options = dict(weight=weight, reduction=node("reduction", "mean"))
    if "ignore_index" in node.attributes:
        options["ignore_index"] = node("ignore_index")
    return F.nll_loss(logs, target.long(), **options)


def _cross_entropy(node: Node, scores: Any, target: Any, weight: Any = None) -> Any:
    logs = F.log_softmax(scores, 1)
    return _nll(node, logs, target, weight), logs


# The order of PyTorch's gates in ONNX's. GRU is missing: no test has PyTorch's reset gate alone.
_GATES = {"RNN": [0], "LSTM": [0, 2, 3, 1]}


def _recurrent(kind: str) -> Any:
    def operator(node: Node, x: Any, w: Any, r: Any, b: Any = None, lengths: Any = None,
                 *states: Any) -> Any:  # fmt: skip
        plain = ("activations", "clip", "input_forget", "activation_alpha", "activation_beta")
        if any(name in node.attributes for name in plain) or len(states) > 2 or lengths is not None:
            raise Unsupported("a recurrent cell with options of ONNX's own")
        if node("direction", "forward") == "reverse":
            raise Unsupported("a layer that runs backwards only")
        hidden, directions = node("hidden_size"), w.shape[0]
        net = getattr(m.nn, kind)(x.shape[-1], hidden, bidirectional=directions == 2)
        state = {}
        for d in range(directions):
            end = "_reverse" if d else ""
            state[f"weight_ih_l0{end}"] = _ordered(kind, w[d], hidden)
            state[f"weight_hh_l0{end}"] = _ordered(kind, r[d], hidden)
            size = w.shape[1]
            both = m.zeros(2 * size, dtype=x.dtype) if b is None else b[d]
            state[f"bias_ih_l0{end}"] = _ordered(kind, both[:size], hidden)
            state[f"bias_hh_l0{end}"] = _ordered(kind, both[size:], hidden)
        net.load_state_dict(state)
        batch_first = bool(node("layout", 0))
        x = x.transpose(0, 1) if batch_first else x
        begins = [s.transpose(0, 1) if batch_first else s for s in states if s is not None]
        given = None if not begins else begins[0] if kind != "LSTM" else tuple(begins)
        out, last = net(x) if given is None else net(x, given)
        out = out.reshape(*out.shape[:2], directions, hidden).transpose(1, 2)
        finals = last if isinstance(last, tuple) else (last,)
        if batch_first:
            return out.permute(2, 0, 1, 3), *(f.transpose(0, 1) for f in finals)
        return out, *finals

    return operator


def _ordered(kind: str, weights: Any, hidden: int) -> Any:
    parts = m.split(weights, hidden, 0)
    return m.cat([parts[i] for i in _GATES[kind]], 0)


def _added(mask: Any, q: Any) -> Any:
    """A mask as numbers to add to the scores."""
    return m.where(mask, 0.0, -float("inf")).to(q.dtype) if mask.dtype == m.bool else mask


def _attention(node: Node, q: Any, k: Any, v: Any, mask: Any = None, *past: Any) -> Any:
    if any(p is not None for p in past) or node("softcap", 0.0) or node.outputs > 1:
        raise Unsupported("attention with a cache, a cap or its scores as an output")
    if q.ndim == 3:
        heads, groups = node("q_num_heads"), node("kv_num_heads")
        q = q.reshape(*q.shape[:2], heads, -1).transpose(1, 2)
        k, v = (t.reshape(*t.shape[:2], groups, -1).transpose(1, 2) for t in (k, v))
        z = _attention(node, q, k, v, mask)
        return z.transpose(1, 2).reshape(z.shape[0], z.shape[2], -1)
    causal = bool(node("is_causal", 0))
    if mask is not None and mask.shape[-1] < k.shape[-2]:
        raise Unsupported("a mask shorter than the keys")
    if causal and mask is not None:
        below = m.tril(m.ones(q.shape[-2], k.shape[-2], dtype=m.bool))
        mask, causal = _added(below, q) + _added(mask, q), False
    return F.scaled_dot_product_attention(
        q, k, v, mask, 0.0, causal, scale=node("scale"), enable_gqa=q.shape[1] != k.shape[1]
    )


def _resize(node: Node, x: Any, roi: Any = None, scales: Any = None, sizes: Any = None) -> Any:
    mode, place = node("mode", "nearest"), node("coordinate_transformation_mode", "half_pixel")
    axes = node("axes") or list(range(x.ndim))
    if sizes is not None and node("keep_aspect_ratio_policy", "stretch") != "stretch":
        raise Unsupported("resizing that keeps the proportions")
    given = dict(zip(axes, (scales if sizes is None else sizes).tolist(), strict=True))
    fixed = 1 if sizes is None else None
    if any(given.get(d, fixed or x.shape[d]) != (fixed or x.shape[d]) for d in (0, 1)):
        raise Unsupported("resizing over the batch or the channels")
    known = {("nearest", "asymmetric"): "nearest", ("linear", "half_pixel"): "bilinear",
             ("linear", "align_corners"): "bilinear", ("cubic", "half_pixel"): "bicubic",
             ("cubic", "align_corners"): "bicubic"}  # fmt: skip
    floor = mode != "nearest" or node("nearest_mode", "round_prefer_floor") == "floor"
    plain = floor and x.ndim == 4 and node("cubic_coeff_a", -0.75) == -0.75
    if (mode, place) not in known or not plain:
        raise Unsupported(f"resizing by {mode}, {place}")
    sizes_meant = [n * given.get(d, 1) for d, n in enumerate(x.shape)] if sizes is None else []
    if place == "align_corners" and any(n % 1 for n in sizes_meant):
        raise Unsupported("corners of a picture that ends within a number")
    options: dict[str, Any] = dict(mode=known[mode, place])
    if mode != "nearest":
        options["align_corners"] = place == "align_corners"
    rest = [given.get(d, fixed or x.shape[d]) for d in (2, 3)]
    return F.interpolate(x, **{"size" if sizes is not None else "scale_factor": rest}, **options)


def _col2im(node: Node, x: Any, image: Any, block: Any) -> Any:
    ones = [1] * len(block)
    if len(ones) != 2:
        raise Unsupported(f"folding in {len(ones)} dimensions")
    pads = node("pads", [0] * 4)
    if pads[:2] != pads[2:]:
        raise Unsupported("folding under uneven padding")
    return F.fold(x, tuple(image.tolist()), tuple(block.tolist()),
                  dilation=tuple(node("dilations", ones)), padding=tuple(pads[:2]),
                  stride=tuple(node("strides", ones)))  # fmt: skip


OPERATORS = {
    "Attention": _attention,
    "AveragePool": _average_pool,
    "BatchNormalization": _batch_norm,
    "Col2Im": _col2im,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "Dropout": _dropout,
    "GlobalAveragePool": lambda node, x: _global(x, m.mean),
    "GlobalMaxPool": lambda node, x: _global(x, m.amax),
    "GroupNormalization": _group_norm,
    "InstanceNormalization": lambda node, x, scale, bias: F.instance_norm(
        x, weight=scale, bias=bias, eps=node("epsilon", 1e-5)
    ),
    "LRN": _local_norm,
    "LSTM": _recurrent("LSTM"),
    "LayerNormalization": _layer_norm,
    "MaxPool": _max_pool,
    "MeanVarianceNormalization": _variance_norm,
    "NegativeLogLikelihoodLoss": _nll,
    "Resize": _resize,
    "RMSNormalization": _rms_norm,
    "RNN": _recurrent("RNN"),
    "SoftmaxCrossEntropyLoss": _cross_entropy,
}
