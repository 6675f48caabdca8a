"""Multi-head attention and the transformer's layers."""

from typing import Any

import numpy as np

from ..case import Case, Layer, Refused, Trial, bools, real

# Attention --------------------------------------------------------------------------------------

SELF: dict[str, Any] = {"x": real(5, 2, 6)}  # (L, N, E)
CROSS: dict[str, Any] = {"q": real(3, 2, 6), "k": real(5, 2, 6), "v": real(5, 2, 6, seed=1)}
CROSS_FIRST = {name: np.swapaxes(x, 0, 1) for name, x in CROSS.items()}
ALONE: dict[str, Any] = {"q": real(3, 6), "k": real(5, 6), "v": real(5, 6, seed=1)}
CAUSAL = np.triu(np.ones((5, 5), bool), 1)
NOT_ALL = bools(3, 5) & (np.arange(5) != 2)  # every query may ask somebody
PADDING = np.array([[False] * 5, [False, False, False, True, True]])
ASK = "net(q, k, v{})"


def _attention(options: str, call: str = "", inputs: Any = None, **more: Any) -> Trial:
    code = f"m.nn.MultiheadAttention({options})"
    return Layer(code, call=ASK.format(call), **(inputs or CROSS), **more)


def _refused(options: str, says: str, call: str = "", **inputs: Any) -> Trial:
    code = ASK.format(call).replace("net", f"m.nn.MultiheadAttention({options})")
    return Refused(code, says=says, **(CROSS | inputs))


ATTENTION: list[Trial] = [
    Layer("m.nn.MultiheadAttention(6, 2)", call="net(x, x, x)", **SELF, second=True),
    Layer("m.nn.MultiheadAttention(6, 3, batch_first=True)", call="net(x, x, x)", **SELF),
    Layer("m.nn.MultiheadAttention(6, 2)", call="net(x, x, x, need_weights=False)", **SELF),
    Layer("m.nn.MultiheadAttention(6, 2)", x=real(4, 6), call="net(x, x, x)"),
    _attention("6, 2"),
    _attention("embed_dim=6, num_heads=1, bias=False"),
    _attention("6, 2, batch_first=True", inputs=CROSS_FIRST),
    _attention("6, 2", inputs=ALONE),
    _attention("6, 2, batch_first=True", inputs=ALONE),
    _attention("6, 2", ", average_attn_weights=False"),
    _attention("6, 2", ", average_attn_weights=False", ALONE),
    _attention("6, 2, add_bias_kv=True"),
    _attention("6, 2, add_zero_attn=True", ", need_weights=False"),
    _attention("6, 2, add_bias_kv=True, add_zero_attn=True", ", key_padding_mask=p, attn_mask=a",
               CROSS | {"p": PADDING, "a": NOT_ALL}),
    _attention("6, 2, kdim=4, vdim=5", inputs=CROSS | {"k": real(5, 2, 4), "v": real(5, 2, 5)}),
    _attention("6, 2, kdim=4, add_bias_kv=True", ", need_weights=False",
               CROSS | {"k": real(5, 2, 4)}),
    _attention("6, 2, dropout=0.5", train=False),
    _attention("6, 2, dropout=1.0"),
    _attention("6, 2", ", key_padding_mask=p", CROSS | {"p": PADDING}),
    _attention("6, 2", ", p, False", CROSS | {"p": PADDING}),
    _attention("6, 2", ", m.where(p, -0.5, 0.25).to(q.dtype)", CROSS | {"p": PADDING}),
    _attention("6, 2", ", key_padding_mask=p", ALONE | {"p": PADDING[1]}),
    _attention("6, 2", ", attn_mask=a", CROSS | {"a": NOT_ALL}),
    _attention("6, 2", ", attn_mask=a, need_weights=False", CROSS | {"a": real(3, 5)}),
    _attention("6, 2", ", attn_mask=a", CROSS | {"a": real(4, 3, 5)}),
    _attention("6, 2", ", attn_mask=a, need_weights=False", CROSS | {"a": bools(4, 3, 5)}),
    _attention("6, 2", ", attn_mask=a", ALONE | {"a": real(2, 3, 5)}),
    _attention("6, 2", ", p, False, a", CROSS | {"p": PADDING, "a": NOT_ALL}),
    _attention("6, 2", ", attn_mask=a, need_weights=False", CROSS | {"a": np.ones((3, 5), bool)}),
    Layer("m.nn.MultiheadAttention(6, 2)", call="net(x, x, x, attn_mask=a, is_causal=True)",
          **SELF, a=CAUSAL),
    Layer("m.nn.MultiheadAttention(6, 2)",
          call="net(x, x, x, need_weights=False, attn_mask=a, is_causal=True)", **SELF, a=CAUSAL),
    Layer("m.nn.MultiheadAttention(6, 2)",
          call="net(x, x, x, p, False, a, is_causal=True)", **SELF, a=CAUSAL, p=PADDING),
    Layer("m.nn.MultiheadAttention(6, 2)", call="net(x, x, x)", x=real(5, 0, 6)),
    Layer("m.nn.Linear(6, 18)", call="F.multi_head_attention_forward(x, x, x, 6, 2, net.weight, "
          "net.bias, None, None, False, 0.0, w, None, static_k=k, static_v=v)",
          **SELF, w=real(6, 6), k=real(4, 7, 3), v=real(4, 7, 3, seed=1)),
    Case("repr(m.nn.MultiheadAttention(6, 2)).replace('NonDynamicallyQuantizable', '')"),
    Case("[list(m.nn.MultiheadAttention(6, 2, **o).state_dict()) for o in "
         "({}, {'bias': False}, {'kdim': 3}, {'add_bias_kv': True})]"),
    Case("[bool((m.nn.MultiheadAttention(60, 2).in_proj_weight.abs().max() <= 40 ** -0.5).item()), "
         "m.nn.MultiheadAttention(60, 2).out_proj.bias.tolist()[:2]]"),
    _refused("7, 2", "embed_dim"),
    _refused("6, 0", "num_heads"),
    _refused("-2, 1", "embed_dim"),
    _refused("4, 2", "query"),
    _refused("6, 2", "query", q=real(6)),
    _refused("6, 2", "key", k=real(5, 6)),
    _refused("6, 2", "key", k=real(5, 3, 6), v=real(5, 3, 6)),
    _refused("6, 2", "value", v=real(4, 2, 6)),
    _refused("6, 2, kdim=3", "key", k=real(5, 2, 4)),
    _refused("6, 2", "attn_mask", ", attn_mask=a", a=bools(5, 3)),
    _refused("6, 2", "attn_mask", ", attn_mask=a", a=bools(2, 3, 5)),
    _refused("6, 2", "attn_mask", ", attn_mask=a", a=bools(3, 5).astype("int64")),
    _refused("6, 2", "key_padding_mask", ", key_padding_mask=a", a=bools(2, 4)),
    _refused("6, 2", "key_padding_mask", ", key_padding_mask=a", a=bools(5, 2)),
    _refused("6, 2", "is_causal", ", is_causal=True"),
]  # fmt: skip


# Layers of the transformer ----------------------------------------------------------------------

SMALL = "6, 2, 8, 0.0"  # d_model, nhead, dim_feedforward, dropout
SRC: dict[str, Any] = {"x": real(5, 2, 6)}
TGT: dict[str, Any] = {"x": real(4, 2, 6), "y": real(5, 2, 6, seed=1)}
FIRST: dict[str, Any] = {"x": real(2, 4, 6), "y": real(2, 5, 6, seed=1)}
TRIANGLE = "m.nn.Transformer.generate_square_subsequent_mask({}, dtype=x.dtype)"
OPTIONS = (
    "norm_first=True",
    "activation='gelu'",
    "activation=F.silu, layer_norm_eps=0.1",
    "activation=m.nn.Tanh()",
    "bias=False",
)


def _plain_repr(code: str) -> Trial:
    return Case(f"repr({code}).replace('NonDynamicallyQuantizable', '')")


def _layers(name: str, call: str, inputs: dict, first: dict) -> list[Trial]:
    code = f"m.nn.{name}({SMALL}"
    return [
        Layer(f"{code})", call=call, **inputs),
        Layer(f"m.nn.{name}(d_model=6, nhead=3, dropout=0.1)", call=call, train=False, **inputs),
        *(Layer(f"{code}, {option})", call=call, **inputs) for option in OPTIONS),
        Layer(f"{code}, batch_first=True, norm_first=True)", call=call, **first),
        Layer(f"{code})", call=call, **{n: x[:, 0] for n, x in inputs.items()}),
        _plain_repr(f"{code}, activation=m.nn.GELU(), bias=False)"),
        Case(f"list({code}).state_dict())"),
        Refused(f"m.nn.{name}(7, 2)", says="embed_dim"),
        Refused(f"m.nn.{name}(6, 2, activation='tanh')", says="activation"),
        Refused(call.replace("net", f"{code})"), says="query", **inputs | {"x": real(5, 2, 4)}),
    ]


ENCODER = f"m.nn.TransformerEncoderLayer({SMALL})"
DECODER = f"m.nn.TransformerDecoderLayer({SMALL})"
NORM = "m.nn.LayerNorm(6)"
TINY = "6, 2, 2, 1, 8, 0.0"  # d_model, nhead, encoder and decoder layers, dim_feedforward, dropout
PAD4 = np.array([[False] * 4, [False, False, False, True]])

CASES: dict[str, list[Trial]] = {
    "nn.MultiheadAttention": ATTENTION,
    "nn.TransformerEncoderLayer": [
        *_layers("TransformerEncoderLayer", "net(x)", SRC, {"x": FIRST["x"]}),
        Layer(ENCODER, call=f"net(x, {TRIANGLE.format(5)}, is_causal=True)", **SRC),
        Layer(ENCODER, call="net(x, src_mask=a, src_key_padding_mask=p)", **SRC, a=CAUSAL,
              p=PADDING),
        Layer("m.nn.TransformerEncoderLayer(6, 2, 8, 1.0)", **SRC),
    ],
    "nn.TransformerDecoderLayer": [
        *_layers("TransformerDecoderLayer", "net(x, y)", TGT, FIRST),
        Layer(DECODER, call=f"net(x, y, {TRIANGLE.format(4)}, tgt_is_causal=True)", **TGT),
        Layer(DECODER, call="net(tgt=x, memory=y, memory_mask=a, tgt_key_padding_mask=p, "
              "memory_key_padding_mask=b)", **TGT, a=real(4, 5), p=PAD4, b=PADDING),
        Layer("m.nn.TransformerDecoderLayer(6, 2, 8, 1.0)", call="net(x, y)", **TGT),
        Refused(f"{DECODER}(x, y)", says="key", x=real(4, 2, 6), y=real(5, 2, 4)),
    ],
    "nn.TransformerEncoder": [
        Layer(f"m.nn.TransformerEncoder({ENCODER}, 2)", **SRC),
        Layer(f"m.nn.TransformerEncoder({ENCODER}, num_layers=3, norm={NORM})", **SRC),
        Layer(f"m.nn.TransformerEncoder({ENCODER}, 1)", call="net(x, a, p)", **SRC, a=CAUSAL,
              p=PADDING),
        Layer(f"m.nn.TransformerEncoder({ENCODER}, 2, enable_nested_tensor=False)",
              call=f"net(src=x, mask={TRIANGLE.format(5)}, is_causal=True)", **SRC),
        Layer(f"m.nn.TransformerEncoder({ENCODER}, 2)", call="net(x, src_key_padding_mask=p)",
              **SRC, p=PADDING),
        _plain_repr(f"m.nn.TransformerEncoder({ENCODER}, 2, {NORM})"),
        Case(f"[w.shape for w in m.nn.TransformerEncoder({ENCODER}, 2).parameters()] == "
             f"[w.shape for w in {ENCODER}.parameters()] * 2"),
        Case("(lambda net: [bool((a == b).all()) for a, b in zip(net.layers[0].parameters(), "
             f"net.layers[1].parameters())])(m.nn.TransformerEncoder({ENCODER}, 2))"),
        Refused(f"m.nn.TransformerEncoder({ENCODER}, 2)(x, a)", says="attn_mask", **SRC,
                a=bools(4, 4)),
    ],
    "nn.TransformerDecoder": [
        Layer(f"m.nn.TransformerDecoder({DECODER}, 2)", call="net(x, y)", **TGT),
        Layer(f"m.nn.TransformerDecoder({DECODER}, num_layers=1, norm={NORM})",
              call=f"net(x, y, tgt_mask={TRIANGLE.format(4)})", **TGT),
        Layer(f"m.nn.TransformerDecoder({DECODER}, 1)",
              call=f"net(x, memory=y, tgt_mask={TRIANGLE.format(4)}, tgt_is_causal=True, "
              "memory_key_padding_mask=b, tgt_key_padding_mask=p)", **TGT, b=PADDING, p=PAD4),
        _plain_repr(f"m.nn.TransformerDecoder({DECODER}, 1, {NORM})"),
        Refused(f"m.nn.TransformerDecoder({DECODER}, 1)(x, y)", says="key", x=real(4, 2, 6),
                y=real(5, 3, 6)),
    ],
    "nn.Transformer": [
        Layer(f"m.nn.Transformer({TINY})", call="net(x, y)", **TGT),
        Layer(f"m.nn.Transformer({TINY}, batch_first=True, norm_first=True, activation='gelu')",
              call="net(x, y)", **FIRST),
        Layer(f"m.nn.Transformer({TINY}, bias=False)", call="net(x, y)", **TGT),
        Layer("m.nn.Transformer(6, 2, 1, 1, dropout=0.1)", train=False,
              call=f"net(src=y, tgt=x, tgt_mask={TRIANGLE.format(4)}, tgt_is_causal=True)", **TGT),
        Layer(f"m.nn.Transformer({TINY})", call="net(x, y, None, a, None, p, b, p)", **TGT,
              a=CAUSAL, p=PAD4, b=PADDING),
        Layer(f"m.nn.Transformer({TINY})", call="net(x, y)", x=real(4, 6), y=real(5, 6)),
        Layer(f"m.nn.Transformer({TINY}, custom_encoder=m.nn.TransformerEncoder({ENCODER}, 1))",
              call="net(x, y)", **TGT),
        _plain_repr(f"m.nn.Transformer({TINY})"),
        Case(f"list(m.nn.Transformer({TINY}).state_dict())"),
        Case(f"[bool((net := m.nn.Transformer({TINY})).encoder.layers[0].linear1.weight.abs().max()"
             " <= (6 / 14) ** 0.5), net.encoder.num_layers, net.d_model, net.nhead]"),
        Case("m.nn.Transformer.generate_square_subsequent_mask(4)"),
        Case("m.nn.Transformer.generate_square_subsequent_mask(sz=3, dtype=m.float64)"),
        Refused(f"m.nn.Transformer({TINY})(x, y)", says="batch", **TGT | {"y": real(5, 3, 6)}),
        Refused(f"m.nn.Transformer({TINY})(x, y)", says="d_model", **TGT | {"y": real(5, 2, 5)}),
    ],
}  # fmt: skip
