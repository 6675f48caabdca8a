"""Dense layers, embeddings and dropout, as functions and as modules."""

from typing import Any

from ..case import Case, Layer, Refused, Trial, ints, real

X: dict[str, Any] = {"x": real(4, 3)}
W: dict[str, Any] = {"w": real(5, 3, seed=1)}
I: dict[str, Any] = {"i": ints(7, 2, 4)}
TABLE: dict[str, Any] = {"w": real(7, 3, seed=1)}
SEEN = "sorted(set({}.flatten().tolist()))"  # the values that come out, whichever places they have


def _dropouts(name: str, shape: tuple[int, ...]) -> list[Trial]:
    """What dropout does for certain: nothing or all is dropped, and which values come out."""
    ones = f"m.ones({shape}, dtype=m.float64)"
    whole = "for k in range(2) for s in F.{}({}, 0.5).flatten(2).tolist()[k]"
    return [
        *[Case(f"F.{name}(x, {p}, training=True)", x=real(*shape)) for p in (0.0, 1.0)],
        Case(f"F.{name}(x, p=0.5, training=False)", x=real(*shape)),
        Case(f"F.{name}(input=x, p=0.3, training=False, inplace=True)", x=real(*shape)),
        Case(SEEN.format(f"F.{name}({ones}, 0.25)")),
        Case(f"sorted({{len(set(s)) {whole.format(name, ones)}}})"),
        *[Refused(f"F.{name}(x, {p})", says="p is a probability", x=real(*shape))
          for p in (-0.1, 1.5)],
        Refused(f"F.{name}(x)", says="input must hold real", x=ints(3, *shape)),
    ]  # fmt: skip


def _dropout_layers(name: str, shape: tuple[int, ...]) -> list[Trial]:
    return [
        Layer(f"m.nn.{name}()", train=False, x=real(*shape)),
        Layer(f"m.nn.{name}(1.0)", x=real(*shape)),
        Layer(f"m.nn.{name}(p=0.0, inplace=False)", x=real(*shape)),
        Case(f"repr(m.nn.{name}(0.2, inplace=True))"),
        Case(SEEN.format(f"m.nn.{name}(0.5)(m.ones({shape}, dtype=m.float64))")),
        Refused(f"m.nn.{name}(2.0)", says=f"{name}: p is a probability"),
    ]


CASES: dict[str, list[Trial]] = {
    "nn.functional.linear": [
        *[Case("F.linear(x, w)", x=real(*s, 3), **W) for s in ((), (4,), (2, 4), (0,), (2, 1, 4))],
        *[Case("F.linear(x, w, b)", **X, **W, b=real(*s, seed=2))
          for s in ((5,), (1,), (), (4, 5))],
        Case("F.linear(x, w, b)", x=real(2, 4, 3), **W, b=real(5)),
        Case("F.linear(input=x, weight=w, bias=None)", **X, **W),
        Case("F.linear(x, w, b)", x=real(3), w=real(3, seed=1), b=real()),
        Case("F.linear(x, w)", **X, w=real(0, 3)),
        Case("F.linear(x, w, b)", x=real(4, 0), w=real(5, 0), b=real(5)),
        Case("F.linear(x, w)", x=ints(9, 4, 3), w=ints(9, 5, 3)),
        Refused("F.linear(x, w)", says=r"\(\*, 3\), got \(4, 2\)", x=real(4, 2), **W),
        Refused("F.linear(x, w)", says="got", x=real(), **W),
        Refused("F.linear(x, w)", says="weight must be", **X, w=real(2, 5, 3)),
        Refused("F.linear(x, w)", says="weight must be", **X, w=real()),
        Refused("F.linear(x, w, b)", says="bias", **X, **W, b=real(4)),
        Refused("F.linear(x, w, b)", says="bias", **X, **W, b=real(2, 4, 5)),
        Refused("F.linear(x.double(), w)", says="float64", **X, **W),
        Refused("F.linear(x, w, b.double())", says="bias is float64", **X, **W, b=real(5)),
        Refused("F.linear([[1.0, 2.0, 3.0]], w)", says="Tensor, got list", **W),
    ],
    "nn.functional.bilinear": [
        *[Case("F.bilinear(x, y, w, b)", x=real(*s, 3), y=real(*s, 4), w=real(5, 3, 4), b=real(5))
          for s in ((), (2,), (2, 6), (0,))],
        Case("F.bilinear(input1=x, input2=y, weight=w)", x=real(2, 1), y=real(2, 1),
             w=real(1, 1, 1)),
        *[Refused("F.bilinear(x, y, w, b)", says=says, x=x, y=y, w=w, b=b)
          for says, x, y, w, b in (
              ("input1", real(2, 2), real(2, 4), real(5, 3, 4), real(5)),
              ("input2", real(2, 3), real(2, 3), real(5, 3, 4), real(5)),
              ("input2", real(2, 3), real(3, 4), real(5, 3, 4), real(5)),
              ("weight", real(2, 3), real(2, 4), real(3, 4), real(5)),
              ("bias", real(2, 3), real(2, 4), real(5, 3, 4), real(4)),
          )],
        Refused("F.bilinear(x, x.double(), w)", says="input2", x=real(2, 3), w=real(5, 3, 3)),
    ],
    "nn.functional.embedding": [
        *[Case("F.embedding(i, w)", i=ints(7, *s), **TABLE)
          for s in ((), (5,), (2, 4), (0, 2), (1,))],
        Case("F.embedding(i.int(), w)", **I, **TABLE),
        Case("F.embedding(input=i, weight=w, padding_idx=2)", **I, **TABLE),
        Case("F.embedding(i, w, -1)", i=ints(7, 30), **TABLE),
        Case("F.embedding(i, w, scale_grad_by_freq=True)", i=ints(4, 9), **TABLE, second=False),
        Case("F.embedding(i, w, 1, scale_grad_by_freq=True)", i=ints(4, 9), **TABLE, second=False),
        Case("F.embedding(i, w.detach(), sparse=True)", **I, **TABLE),
        *[Case(f"[F.embedding(i, w, max_norm={n}, norm_type=float('{p}')), w]", i=ints(5, 6),
               **TABLE, strided=False, gradient=False)
          for n, p in ((1.0, 2.0), (0.5, 1.0), (2, "inf"))],
        Case("F.embedding(i, w)", **I, w=ints(9, 7, 3)),
        Refused("F.embedding(i, w)", says="index 7", i=ints(8, 1, low=7), **TABLE),
        Refused("F.embedding(i, w)", says="-1", i=ints(0, 2, low=-1), **TABLE),
        Refused("F.embedding(x, w)", says="input must hold int64", **X, **TABLE),
        Refused("F.embedding(i.bool(), w)", says="input must hold int64", **I, **TABLE),
        Refused("F.embedding(i.short(), w)", says="input must hold int64", **I, **TABLE),
        *[Refused("F.embedding(i, w)", says="weight must be a matrix", **I, w=real(*s))
          for s in ((7,), (7, 2, 2))],
        *[Refused(f"F.embedding(i, w, padding_idx={k})", says="padding_idx", **I, **TABLE)
          for k in (7, -8)],
    ],
    "nn.functional.one_hot": [
        *[Case("F.one_hot(i)", i=ints(5, *s)) for s in ((), (1,), (6,), (2, 3))],
        Case("F.one_hot(i, 9)", i=ints(5, 6)),
        Case("F.one_hot(input=i, num_classes=5)", i=ints(5, 2, 3)),
        Case("F.one_hot(i, num_classes=4)", i=ints(4, 0)),
        Refused("F.one_hot(i)", says="num_classes", i=ints(4, 0)),
        Refused("F.one_hot(i, 0)", says="num_classes", i=ints(4, 0)),
        Refused("F.one_hot(i, 3)", says="out of range", i=ints(6, 1, low=5)),
        Refused("F.one_hot(i, -2)", says="num_classes", i=ints(6, 1)),
        Refused("F.one_hot(i)", says="-1", i=ints(0, 1, low=-1)),
        Refused("F.one_hot(i.int())", says="int64", i=ints(3, 2)),
        Refused("F.one_hot(x)", says="int64", **X),
    ],
    "nn.functional.dropout": [
        *_dropouts("dropout", (2, 3, 40))[:4],
        *[Case("F.dropout(x, 0.5, False)", x=real(*s)) for s in ((), (0, 2))],
        *[Case(SEEN.format(f"F.dropout(m.ones(400), {p})")) for p in (0.1, 0.5, 0.9)],
        Case("(lambda x: (F.dropout(x * 1, 1.0, inplace=True), x))(m.ones(3))"),
        Case("(lambda x: F.dropout(x, 1.0, inplace=True) is x)(m.ones(3) * 2)"),
        Case("F.dropout(x, training=False)", x=ints(9, 3)),
        *_dropouts("dropout", (2, 3, 40))[6:],
    ],
    "nn.Linear": [
        *[Layer("m.nn.Linear(3, 5)", x=real(*s, 3)) for s in ((), (4,), (2, 4), (0,))],
        Layer("m.nn.Linear(3, 5, bias=False)", **X, second=True),
        Layer("m.nn.Linear(in_features=3, out_features=1, bias=True, device=None, dtype=None)",
              **X),
        Layer("m.nn.Linear(3, 0)", **X),
        Case("m.nn.Linear(3, 2, dtype=m.float64).weight.dtype"),
        Case("repr(m.nn.Linear(3, 5, bias=False))"),
        Case("(lambda l: (l.weight.abs().max().item() <= 3**-0.5, l.bias.abs().max().item() <= "
             "3**-0.5))(m.nn.Linear(3, 500))"),
        Case("(lambda l: (l.in_features, l.out_features, l.bias))(m.nn.Linear(3, 5, bias=False))"),
        Refused("m.nn.Linear(3, 5)(x)", says=r"Linear\(3 -> 5\)", x=real(4, 2)),
        Refused("m.nn.Linear(3, 5)(x.double())", says="float64", **X),
    ],
    "nn.Bilinear": [
        *[Layer("m.nn.Bilinear(3, 4, 5)", call="net(x, y)", x=real(*s, 3), y=real(*s, 4))
          for s in ((), (2,), (2, 2))],
        Layer("m.nn.Bilinear(in1_features=3, in2_features=4, out_features=2, bias=False)",
              call="net(x, y)", x=real(2, 3), y=real(2, 4)),
        Case("repr(m.nn.Bilinear(3, 4, 5))"),
        Case("m.nn.Bilinear(4, 3, 50).weight.abs().max().item() <= 0.5"),
        Refused("m.nn.Bilinear(0, 4, 5)", says="in1_features"),
    ],
    "nn.Identity": [
        Layer("m.nn.Identity()", **X),
        Layer("m.nn.Identity(54, unused=True)", x=real()),
        Layer("m.nn.Identity()", call="net(input=x)", **X),
        Case("repr(m.nn.Identity(3))"),
    ],
    "nn.Embedding": [
        *[Layer("m.nn.Embedding(7, 3)", i=ints(7, *s), call="net(i)") for s in ((), (5,), (2, 4))],
        Layer("m.nn.Embedding(7, 3, padding_idx=-2)", call="net(i)", i=ints(7, 40)),
        Layer("m.nn.Embedding(num_embeddings=7, embedding_dim=3, scale_grad_by_freq=True)",
              call="net(i)", **I),
        Layer("m.nn.Embedding(7, 3, max_norm=0.5)", call="[net(i), net.weight]", **I),
        Case("m.nn.Embedding(7, 3, padding_idx=2).weight[2].tolist()"),
        Case("m.nn.Embedding.from_pretrained(w)(i)", **I, **TABLE),
        Case("m.nn.Embedding.from_pretrained(w, freeze=False, padding_idx=1).weight.requires_grad",
             **TABLE, strided=False),
        *[Case(f"repr(m.nn.Embedding({a}))") for a in (
            "3, 4", "3, 4, -1", "3, 4, max_norm=1.0, norm_type=1.0, scale_grad_by_freq=True",
            "3, 4, sparse=True")],
        Refused("m.nn.Embedding(3, 4, padding_idx=3)", says="padding_idx"),
        Refused("m.nn.Embedding(3, 4)(i)", says="0 to 2", i=ints(5, 2, low=4)),
        Refused("m.nn.Embedding.from_pretrained(x)", says="embeddings", x=real(3)),
    ],
    "nn.Dropout": _dropout_layers("Dropout", (2, 3, 40)),
    "nn.Dropout1d": [
        *_dropout_layers("Dropout1d", (8, 12, 2)),
        Layer("m.nn.Dropout1d(1.0)", x=real(3, 4)),
        *[Refused("m.nn.Dropout1d()(x)", says="input must be", x=real(*s))
          for s in ((3,), (1,) * 4)],
    ],
    "nn.Dropout2d": [
        *_dropout_layers("Dropout2d", (8, 12, 2, 3)),
        Refused("m.nn.Dropout2d()(x)", says="input must be", x=real(3)),
    ],
    "nn.Dropout3d": [
        *_dropout_layers("Dropout3d", (8, 12, 2, 1, 2)),
        Layer("m.nn.Dropout3d(1.0)", x=real(3, 4, 2, 2)),
    ],
    "nn.AlphaDropout": [
        *_dropout_layers("AlphaDropout", (2, 3, 40)),
        Case(SEEN.format("m.nn.AlphaDropout(0.2)(m.zeros(400, dtype=m.float64))")),
    ],
}  # fmt: skip
