"""Containers of modules and of parameters, and layers that only change a shape."""

from typing import Any

from ..case import Case, Layer, Refused, Trial, ints, real

X: dict[str, Any] = {"x": real(2, 3)}
N = "m.nn."
TWO = f"{N}Sequential({N}Linear(3, 4), {N}ReLU())"
NESTED = (
    f"{N}Sequential({N}Sequential({N}Linear(3, 4)), {N}Sequential({N}Tanh(), {N}Linear(4, 2)))"
)
ROW = f"{N}ModuleList([{N}Linear(3, 4), {N}Tanh(), {N}Linear(4, 2)])"
ORDERED = "__import__('collections').OrderedDict"
TABLE = f"{N}ModuleDict({{'up': {N}Linear(3, 4), 'down': {N}Linear(4, 2)}})"
ONES = "m.ones(2), m.zeros(3)"
LIST = f"{N}ParameterList([{ONES}])"
DICT = f"{N}ParameterDict({{'a': m.ones(2), 'b': m.zeros(2, 3)}})"
KINDS = "[type(p).__name__ for p in {}]"
NAMES = "[name for name, _ in {}.named_modules()]"
KEYS = "list({}.state_dict())"


def _row(name: str, made: str) -> list[Trial]:
    """What a row of modules does as a list."""
    act = f"(lambda l: (l.{{}}, {KEYS.format('l')}, repr(l))[1:])({made})"
    return [
        *[Case(act.format(a)) for a in (
            f"append({N}Linear(1, 1))", f"extend([{N}Tanh(), {N}Linear(1, 1)])",
            f"insert(0, {N}Linear(1, 1))", "pop(1)", "pop(-1)",
            "__delitem__(0)", "__delitem__(slice(0, 2))", f"__setitem__(-1, {N}Sigmoid())")],
        *[Case(f"(lambda l: [{e}])({made})") for e in (
            "len(l)", "repr(l[0])", "repr(l[-1])", "repr(l[1:])", "[repr(p) for p in l]",
            "repr(l + l)", "l.append(m.nn.Tanh()) is l", "l[0] in l", KEYS.format("l[1:]"))],
        *[Refused(f"{made}{e}", says=says) for says, e in (
            ("index 9", "[9]"), ("index -9", "[-9]"), ("module", ".append(3)"),
            ("Module", ".__setitem__(0, 'relu')"))],
        Refused(f"{N}{name}([1])" if name == "ModuleList" else f"{N}{name}(1)", says="module"),
        Refused(f"{N}{name}(3)", says="module"),
    ]  # fmt: skip


CASES: dict[str, list[Trial]] = {
    "nn.Flatten": [
        *[Layer(f"{N}Flatten({o})", x=real(*s)) for o, s in (
            ("", (2, 3, 4)), ("", (0, 3, 2)), ("0", (2, 3)), ("0", ()), ("1, 2", (2, 3, 4, 5)),
            ("start_dim=-2, end_dim=-1", (2, 3, 4)), ("", (2, 3)))],
        *[Case(f"repr({N}Flatten({o}))") for o in ("", "0, 2")],
        Refused(f"{N}Flatten()(x)", says="1", x=real(3)),
        Refused(f"{N}Flatten(2, 1)(x)", says="start_dim", x=real(2, 3, 4)),
    ],
    "nn.Unflatten": [
        *[Layer(f"{N}Unflatten({o})", x=real(2, 12)) for o in (
            "1, (3, 4)", "-1, [2, 3, 2]", "dim=1, unflattened_size=(3, -1)", "0, (1, 2)")],
        Case(f"repr({N}Unflatten(1, (3, 4)))"),
        Refused(f"{N}Unflatten(1, (2, 3))(x)", says="size", x=real(2, 5)),
        Refused(f"{N}Unflatten(1, 6)", says="unflattened_size"),
    ],
    "nn.Sequential": [
        *[Layer(code, **X) for code in (TWO, NESTED, f"{N}Sequential()", f"({NESTED})[1:][0][:1]")],
        Layer(f"{N}Sequential({ORDERED}(one={N}Linear(3, 3), two={N}Tanh()))", **X),
        Layer(f"{N}Sequential({N}Unflatten(1, (1, 3)), {N}Flatten(), {N}Identity())", **X),
        *[Case(f"repr({code})") for code in (TWO, NESTED, f"{N}Sequential()")],
        *[Case(NAMES.format(code)) for code in (TWO, NESTED)],
        *_row("Sequential", f"{N}Sequential({N}Linear(3, 4), {N}Tanh(), {N}Linear(4, 2))"),
        Case(f"(lambda s: s({N}Linear(1, 2).weight))({N}Sequential()).shape[0]"),
    ],
    "nn.ModuleList": [
        Layer(ROW, call="net[2](net[1](net[0](x)))", **X),
        Layer(f"{N}ModuleList({N}Linear(3, 3) for _ in range(3))",
              call="[layer(x) for layer in net]", **X),
        *[Case(f"repr({code})") for code in (
            ROW, f"{N}ModuleList()", f"{N}ModuleList([{N}ReLU() for _ in range(3)])",
            f"{N}ModuleList([{N}Linear(1, 1), *[{N}Sequential({N}ReLU()) for _ in range(2)]])")],
        *_row("ModuleList", ROW),
        Refused(f"{N}ModuleList([{N}ReLU()])(x)", says="forward", **X),
    ],
    "nn.ModuleDict": [
        Layer(TABLE, call="net['down'](net['up'](x))", **X),
        *[Case(f"(lambda t: [{e}])({TABLE})") for e in (
            "repr(t)", "list(t)", "len(t)", "'up' in t, 'left' in t", "list(t.keys())",
            "[k for k, _ in t.items()]", "[repr(v) for v in t.values()]", "repr(t['up'])",
            "repr(t.pop('up')), list(t)", "t.clear(), len(t)",
            f"t.update({{'mid': {N}Tanh()}}), list(t)",
            f"t.update([('up', {N}Tanh())]), repr(t)", f"t.update({TABLE}), list(t)",
            f"t.__setitem__('up', {N}Tanh()), repr(t)", "t.__delitem__('up'), list(t)",
            NAMES.format("t"), KEYS.format("t"))],
        *[Refused(f"{N}ModuleDict({v})", says=says) for says, v in (
            ("module", "{'a': 1}"), ("ModuleDict", "[1]"), ("ModuleDict", "3"),
            ("name", f"{{3: {N}ReLU()}}"), ("dots", f"{{'a.b': {N}ReLU()}}"),
            ("name", f"{{'': {N}ReLU()}}"), ("keys", f"{{'keys': {N}ReLU()}}"))],
        Refused(f"{TABLE}['left']", says="left"),
    ],
    "nn.ParameterList": [
        Layer(LIST, call="(net[0] * 2, net[-1] + 1)"),
        *[Case(f"(lambda l: [{e}])({LIST})") for e in (
            "len(l)", KEYS.format("l"), "[tuple(p.shape) for p in l]",
            "[p.requires_grad for p in l]",
            "isinstance(l[0], m.nn.Parameter)", KEYS.format("l.append(m.ones(1))"),
            KEYS.format("l.extend([m.ones(1), m.ones(2)])"), "len(l[1:]), tuple(l[1:][0].shape)",
            "l.__setitem__(0, m.ones(5)), tuple(l[0].shape)",
            "l.__iadd__([m.ones(1)]) is l, len(l)",
            "(l.append('a'), l[2], len(l), len(l.state_dict()))[1:]",
            "repr(l).replace('torch.', '')", "(l.extend(l), len(l))[1]")],
        Case(f"repr({N}ParameterList()), len({N}ParameterList())"),
        Case(f"repr({N}ParameterList([3, m.ones(2, 3)])).replace('torch.', '')"),
        *[Refused(f"{LIST}{e}", says=says) for says, e in (
            ("index 2", "[2]"), ("index -3", "[-3]"), ("extend", ".extend(3)"),
            ("forward", "(1)"))],
    ],
    "nn.ParameterDict": [
        Layer(DICT, call="(net['a'] * 2, net['b'] + 1)"),
        *[Case(f"(lambda d: [{e}])({DICT})") for e in (
            "len(d)", "list(d)", "list(reversed(d))", KEYS.format("d"), "list(d.keys())",
            "[tuple(p.shape) for p in d.values()]", "[(k, tuple(p.shape)) for k, p in d.items()]",
            "isinstance(d['a'], m.nn.Parameter)", "'a' in d, 'c' in d", "d.get('c', 5), d.get('c')",
            "tuple(d.get('a').shape)", "tuple(d.setdefault('c', m.ones(7)).shape), list(d)",
            "d.setdefault('c'), list(d)", "tuple(d.pop('a').shape), list(d)",
            "d.popitem()[0], list(d)",
            "d.update({'c': m.ones(1)}), list(d)", "d.update([('c', m.ones(1))]), list(d)",
            "list(d.copy()), d.copy()['a'] is d['a']", "d.clear(), len(d)",
            "list(d.fromkeys(['p', 'q'], 1.5)), d.fromkeys('pq', 1.5)['q']",
            "list(d | m.nn.ParameterDict({'z': m.ones(1)}))", "d.__delitem__('a'), list(d)",
            "d.__setitem__('c', 3), d['c'], len(d), list(d.state_dict())", "tuple(d.b.shape)")],
        Case(f"repr({N}ParameterDict())"),
        *[Refused(f"{N}ParameterDict({v})", says=says) for says, v in (
            ("ParameterDict", "3"), ("ParameterDict", "['a']"), ("string", "{3: m.ones(1)}"),
            ("dots", "{'a.b': m.ones(1)}"), ("keys", "{'keys': m.ones(1)}"))],
        Refused(f"{DICT}['z']", says="z"),
    ],
    "nn.Parameter": [
        *[Case(f"m.nn.Parameter({a}).{w}") for a in ("m.ones(2, 3)", "m.ones(2), False",
          "data=m.ones(2), requires_grad=True", "") for w in ("requires_grad", "is_leaf",
                                                              "numel()")],
        Case("m.nn.Parameter(x.detach())", **X, gradient=False),
        Case("m.nn.Parameter(t, requires_grad=False)", t=ints(4, 3)),
        Case("isinstance(m.nn.Parameter(m.ones(1)), m.nn.Parameter), "
             "isinstance(m.ones(1), m.nn.Parameter), isinstance(m.nn.Parameter(), m.Tensor)"),
        Case("(m.nn.Parameter(m.ones(3)) * x).sum()", x=real(3)),
        Case("repr(m.nn.Parameter(m.ones(2)))"),
        Refused("m.nn.Parameter(t)", says="ints|int64", t=ints(4, 3)),
        Refused("m.nn.Parameter([1.0])", says="data must be a Tensor"),
    ],
}  # fmt: skip
