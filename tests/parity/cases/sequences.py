"""Recurrent layers and their cells, padding and packing, clipping, weight norm."""

from typing import Any

from ..case import Case, Layer, Refused, Trial, real

# Recurrent layers -------------------------------------------------------------------------------

X: dict[str, Any] = {"x": real(5, 2, 3)}  # (T, N, input_size)
ONE: dict[str, Any] = {"x": real(5, 3)}  # one sequence
BATCH_FIRST: dict[str, Any] = {"x": real(2, 5, 3)}
PACK = "m.nn.utils.rnn.pack_padded_sequence"


def _states(*shape: int, size: int = 4) -> dict[str, Any]:
    return {"h": real(*shape, size), "c": real(*shape, 4, seed=1)}


def _recurrent(name: str) -> list[Trial]:
    """Trials of RNN, LSTM and GRU alike; two states for the LSTM."""
    lstm = name == "LSTM"
    pair = "(h, c)" if lstm else "h"

    def layer(options: str, call: str = "net(x)", inputs: Any = None, **more: Any) -> Trial:
        inputs = dict(X if inputs is None else inputs)
        if not lstm:
            inputs.pop("c", None)
        return Layer(f"m.nn.{name}({options})", call=call, **inputs, **more)

    def refused(options: str, says: str, call: str = "net(x)", **inputs: Any) -> Trial:
        inputs = inputs or dict(X)
        code = call.replace("net", f"m.nn.{name}({options})")
        return Refused(code, says=says, **inputs)

    packed = f"{PACK}(x, [5, 3, 1, 1])"
    batch = {"x": real(5, 4, 3)}
    return [
        layer("3, 4", second=True),
        layer("input_size=3, hidden_size=4, num_layers=2, bias=False"),
        layer("3, 4, 2, batch_first=True, bidirectional=True", inputs=BATCH_FIRST),
        layer("3, 4, num_layers=3, dropout=0.4", train=False),
        layer("3, 4, num_layers=2, dropout=1.0"),
        layer("3, 4, bidirectional=True", f"net(x, {pair})", X | _states(2, 2)),
        layer("3, 4, 2", f"net(input=x, hx={pair})", X | _states(2, 2)),
        layer("3, 4, 2", "net(x)", ONE),
        layer("3, 4, 2, batch_first=True", f"net(x, {pair})", ONE | _states(2)),
        layer("3, 4, 2", inputs={"x": real(1, 1, 3)}),
        layer("3, 4", inputs={"x": real(5, 0, 3)}),
        layer("3, 1, 2, bidirectional=True", inputs={"x": real(7, 3, 3)}),
        layer("3, 4", f"net({packed})", batch),
        layer("3, 4, 2, bidirectional=True", f"net({packed})", batch, second=True),
        layer("3, 4, bidirectional=True", f"net({packed}, {pair})", batch | _states(2, 4)),
        layer(
            "3, 4, 2, batch_first=True, bidirectional=True",
            f"net({PACK}(x, [1, 3, 2], batch_first=True, enforce_sorted=False), {pair})",
            {"x": real(3, 4, 3)} | _states(4, 3),
        ),
        layer("3, 4", f"m.nn.utils.rnn.pad_packed_sequence(net({packed})[0])", batch),
        Case(f"repr(m.nn.{name}(3, 4, 2, bias=False, batch_first=True, dropout=0.5, "
             f"bidirectional=True)) + repr(m.nn.{name}(3, 4))"),  # fmt: skip
        Case(f"[[w.shape for w in ws] for ws in m.nn.{name}(3, 4, 2, bidirectional=True)"
             ".all_weights][2][1] == (4,)"),  # fmt: skip
        Case(f"[0.45 < w.abs().max().item() <= 0.5 for w in m.nn.{name}(99, 4, bias=False)"
             ".parameters()][:1]"),  # fmt: skip
        refused("4, 4", "input_size"),
        refused("3, 4", "input", x=real(3)),
        refused("3, 4", "input", x=real(2, 2, 2, 3)),
        refused("3, 4", "input", x=real(0, 2, 3)),
        refused("3, 4", "float", call="net(x.double())"),
        refused("3, 4", "hx", call=f"net(x, {pair})", **X, **_states(2, 2)),
        refused("3, 4", "hx", call=f"net(x, {pair})", **X, **_states(1, 2, size=3)),
        refused("3, 4", "hx", call=f"net(x, {pair})", **ONE, **_states(1, 1)),
        refused("3, 0", "hidden_size"),
        refused("3, 4, 0", "num_layers"),
        refused("3, 4, 2, dropout=1.5", "dropout"),
        refused("3, 4.5", "hidden_size"),
    ]


RECURRENT: dict[str, list[Trial]] = {
    "nn.RNN": [
        *_recurrent("RNN"),
        Layer("m.nn.RNN(3, 4, nonlinearity='relu')", **X),
        Layer("m.nn.RNN(3, 4, 2, 'relu', False, True)", **BATCH_FIRST),
        Refused("m.nn.RNN(3, 4, nonlinearity='sigmoid')", says="nonlinearity"),
    ],
    "nn.GRU": [
        *_recurrent("GRU"),
        Refused("m.nn.GRU(3, 4, proj_size=2)", says="proj_size"),
    ],
    "nn.LSTM": [
        *_recurrent("LSTM"),
        Layer("m.nn.LSTM(3, 4, proj_size=2)", **X),
        Layer("m.nn.LSTM(3, 4, 2, bidirectional=True, proj_size=2)", call="net(x, (h, c))",
              **X, **_states(4, 2, size=2)),
        Layer("m.nn.LSTM(3, 4, 2, bias=False, bidirectional=True, proj_size=3)",
              call=f"net({PACK}(x, [5, 2]))", **X),
        Case("repr(m.nn.LSTM(3, 4, proj_size=2))"),
        Case("list(m.nn.LSTM(3, 4, 2, False, bidirectional=True, proj_size=2).state_dict())"),
        Refused("m.nn.LSTM(3, 4, proj_size=4)", says="proj_size"),
        Refused("m.nn.LSTM(3, 4, proj_size=-1)", says="proj_size"),
        Refused("m.nn.LSTM(3, 4)(x, h)", says="hx", **X, h=real(1, 2, 4)),
        Refused("m.nn.LSTM(3, 4)(x, (h, c))", says="cx", **X, h=real(1, 2, 4), c=real(1, 2, 3)),
    ],
}  # fmt: skip


# Cells ------------------------------------------------------------------------------------------


def _cell(name: str) -> list[Trial]:
    pair = "(h, c)" if name == "LSTMCell" else "h"
    states = {"h": real(2, 4), "c": real(2, 4, seed=1)}
    alone = {"h": real(4), "c": real(4, seed=1)}
    if name != "LSTMCell":
        del states["c"], alone["c"]

    def cell(options: str, call: str = "net(x)", **inputs: Any) -> Trial:
        return Layer(f"m.nn.{name}({options})", call=call, second=True, **inputs)

    def refused(options: str, says: str, call: str = "net(x)", **inputs: Any) -> Trial:
        return Refused(call.replace("net", f"m.nn.{name}({options})"), says=says, **inputs)

    return [
        cell("3, 4", x=real(2, 3)),
        cell("3, 4", x=real(3)),
        cell("3, 4", x=real(0, 3)),
        cell("input_size=3, hidden_size=4, bias=False", x=real(2, 3)),
        cell("3, 4", f"net(x, {pair})", x=real(2, 3), **states),
        cell("3, 4, False", f"net(input=x, hx={pair})", x=real(3), **alone),
        Case(f"repr(m.nn.{name}(3, 4)) + repr(m.nn.{name}(3, 4, bias=False))"),
        Case(f"[bool((w.abs().max() <= 0.5).item()) for w in m.nn.{name}(9, 4).parameters()]"),
        refused("4, 4", "input_size", x=real(2, 3)),
        refused("3, 4", "input", x=real(2, 2, 3)),
        refused("3, 5", "h", f"net(x, {pair})", x=real(2, 3), **states),
        refused("3, 4", "h", f"net(x, {pair})", x=real(3, 3), **states),
        refused("3, 4", "float", "net(x.double())", x=real(2, 3)),
    ]


CELLS: dict[str, list[Trial]] = {
    "nn.RNNCell": [
        *_cell("RNNCell"),
        Layer("m.nn.RNNCell(3, 4, True, 'relu')", x=real(2, 3)),
        Case("repr(m.nn.RNNCell(3, 4, nonlinearity='relu'))"),
        Refused("m.nn.RNNCell(3, 4, nonlinearity='gelu')(x)", says="nonlinearity", x=real(2, 3)),
    ],
    "nn.LSTMCell": [
        *_cell("LSTMCell"),
        Layer("m.nn.LSTMCell(3, 3)", call="net(x, net(x, net(x)))", x=real(2, 3)),
    ],
    "nn.GRUCell": [
        *_cell("GRUCell"),
        Layer("m.nn.GRUCell(3, 3)", call="net(x, net(x, net(x)))", x=real(2, 3)),
    ],
}


# Gradients clipped, parameters as one vector ----------------------------------------------------

LINEAR = "m.nn.Linear(3, 4)"
U = "m.nn.utils"


def _after(call: str, **more: Any) -> Trial:
    """What a call gives, and the gradients it leaves, after a backward pass."""
    code = f"(net(x).square().sum().backward(), {call}, [p.grad for p in net.parameters()])"
    return Layer(LINEAR, call=code, x=real(5, 3), **more)


CLIPPING: dict[str, list[Trial]] = {
    "nn.utils.clip_grad_norm_": [
        *[
            _after(f"{U}.clip_grad_norm_(net.parameters(), {options})")
            for options in (
                "1.0",
                "max_norm=1e6",
                "2, norm_type=1",
                "1.0, norm_type=float('inf')",
                "0.5, 3.0",
                "1.0, error_if_nonfinite=True, foreach=False",
            )
        ],
        _after(f"{U}.clip_grad_norm_(net.weight, 0.3)"),
        _after(f"{U}.clip_grad_norm_([p for p in net.parameters()][:1], 0.3)"),
        _after(f"{U}.get_total_norm([p.grad for p in net.parameters()], 2.0)"),
        _after(f"{U}.clip_grads_with_norm_(net.parameters(), 1.0, m.tensor(20.0))"),
        Layer(LINEAR, call=f"{U}.clip_grad_norm_(net.parameters(), 1.0)"),
        Refused(f"[(p := m.nn.Parameter(x)), (p * float('inf')).sum().backward(), "
                f"{U}.clip_grad_norm_([p], 1.0, error_if_nonfinite=True)]",
                says="norm", x=real(3)),
    ],
    "nn.utils.clip_grad_value_": [
        _after(f"{U}.clip_grad_value_(net.parameters(), 0.5)"),
        _after(f"{U}.clip_grad_value_(net.bias, clip_value=2)"),
        _after(f"{U}.clip_grad_value_(net.parameters(), 1e6, foreach=None)"),
    ],
    "nn.utils.parameters_to_vector": [
        Layer(LINEAR, call=f"{U}.parameters_to_vector(net.parameters())", second=True),
        Case(f"{U}.parameters_to_vector([x, y, z])", x=real(3, 2), y=real(4), z=real(),
             strided=False),
        Case(f"{U}.parameters_to_vector(parameters=[x])", x=real(0, 2)),
        Refused(f"{U}.parameters_to_vector([])", says="tensor"),
    ],
    "nn.utils.vector_to_parameters": [
        Layer(LINEAR, x=real(16),
              call=f"[{U}.vector_to_parameters(x, net.parameters()), net.weight, net.bias]"),
        Layer("m.nn.Linear(3, 1, bias=False)", x=real(3),
              call=f"[{U}.vector_to_parameters(vec=x, parameters=[net.weight]), net.weight]"),
        Refused(f"{U}.vector_to_parameters(x, {LINEAR}.parameters())", says="vec", x=real(15)),
        Refused(f"{U}.vector_to_parameters([1.0], [x])", says="vec", x=real(1)),
    ],
}  # fmt: skip


# Weights learned in another form ----------------------------------------------------------------

Z = f"{U}.parametrizations"
IMAGE: dict[str, Any] = {"x": real(2, 3, 4, 4)}
CONV = "m.nn.Conv2d(3, 4, 2)"

# PyTorch's second derivative of weight norm is not that of the formula, so it is not compared.
IN_OTHER_FORM: dict[str, list[Trial]] = {
    "nn.utils.parametrizations.weight_norm": [
        Layer(f"{Z}.weight_norm({LINEAR})", x=real(5, 3)),
        Layer(f"{Z}.weight_norm(module={LINEAR}, name='weight', dim=1)", x=real(5, 3)),
        Layer(f"{Z}.weight_norm({LINEAR}, dim=None)", x=real(5, 3)),
        Layer(f"{Z}.weight_norm({CONV}, dim=0)", **IMAGE),
        Layer(f"{Z}.weight_norm(m.nn.Sequential({CONV}, m.nn.ReLU())[0])", **IMAGE),
        Layer(f"{Z}.weight_norm(m.nn.LSTM(3, 4), 'weight_hh_l0')", call="net.weight_hh_l0 * x",
              x=real(16, 4)),
        Layer(f"{U}.parametrize.remove_parametrizations({Z}.weight_norm({LINEAR}), 'weight')",
              x=real(5, 3)),
        Case(f"repr({Z}.weight_norm({LINEAR}))"),
        Case(f"[{U}.parametrize.is_parametrized({Z}.weight_norm({LINEAR}), n) for n in "
             "(None, 'weight', 'bias')]"),
        Case(f"list({Z}.weight_norm({LINEAR}).load_state_dict("
             f"{U}.weight_norm({LINEAR}).state_dict()))"),
        Refused(f"{Z}.weight_norm({LINEAR}, 'scale')", says="scale"),
        Refused(f"{U}.parametrize.remove_parametrizations({LINEAR}, 'weight')", says="weight"),
        Refused(f"{U}.parametrize.remove_parametrizations({Z}.weight_norm({LINEAR}), 'weight', "
                "False)", says="leave_parametrized"),
        Refused(f"{U}.parametrize.register_parametrization({LINEAR}, 'weight', m.nn.Flatten(0))",
                says="parametrization"),
    ],
    "nn.utils.weight_norm": [
        Layer(f"{U}.weight_norm({LINEAR})", x=real(5, 3)),
        Layer(f"{U}.weight_norm({CONV}, name='weight', dim=1)", **IMAGE),
        Layer(f"{U}.weight_norm({LINEAR}, dim=None)", x=real(5, 3)),
        Layer(f"{U}.remove_weight_norm({U}.weight_norm({LINEAR}))", x=real(5, 3)),
        Case(f"repr({U}.weight_norm({LINEAR}))"),
        Refused(f"{U}.weight_norm({U}.weight_norm({LINEAR}), 'weight')", says="weight"),
        Refused(f"{U}.remove_weight_norm({LINEAR})", says="weight"),
    ],
    "nn.utils.parametrizations.spectral_norm": [
        Layer(f"{Z}.spectral_norm({LINEAR})", x=real(5, 3)),
        Layer(f"{Z}.spectral_norm({LINEAR}, n_power_iterations=3, eps=1e-6)", x=real(5, 3)),
        Layer(f"{Z}.spectral_norm({CONV})", train=False, **IMAGE),
        Layer(f"{Z}.spectral_norm(m.nn.ConvTranspose2d(3, 4, 2))", **IMAGE),
        Layer(f"{Z}.spectral_norm({LINEAR}, 'bias')", x=real(5, 3)),
        Case(f"repr({Z}.spectral_norm({CONV}))"),
        Refused(f"{Z}.spectral_norm({LINEAR}, n_power_iterations=0)", says="n_power_iterations"),
        Refused(f"{Z}.spectral_norm({LINEAR}, dim=2)", says="dim"),
        Refused(f"{Z}.spectral_norm({LINEAR}, 'scale')", says="scale"),
    ],
    "nn.utils.spectral_norm": [
        Layer(f"{U}.spectral_norm({LINEAR})", x=real(5, 3)),
        Layer(f"{U}.spectral_norm({CONV}, n_power_iterations=2, dim=1)", **IMAGE),
        Layer(f"{U}.spectral_norm({LINEAR})", train=False, x=real(5, 3)),
        Layer(f"{U}.remove_spectral_norm({U}.spectral_norm({LINEAR}))", x=real(5, 3)),
        Case(f"repr({U}.spectral_norm({LINEAR}))"),
        Refused(f"{U}.spectral_norm({LINEAR}, n_power_iterations=0)", says="n_power_iterations"),
        Refused(f"{U}.remove_spectral_norm({LINEAR})", says="weight"),
    ],
}  # fmt: skip


# Padding and packing ----------------------------------------------------------------------------

R = "m.nn.utils.rnn"
RAGGED: dict[str, Any] = {"x": real(4, 2), "y": real(3, 2), "z": real(1, 2)}
INVERSE = f"{R}.pad_packed_sequence({PACK}"

CASES: dict[str, list[Trial]] = {
    **RECURRENT,
    **CELLS,
    **CLIPPING,
    **IN_OTHER_FORM,
    "nn.utils.rnn.pad_sequence": [
        Case(f"{R}.pad_sequence([x, y, z])", **RAGGED),
        Case(f"{R}.pad_sequence((y, x), batch_first=True, padding_value=-1.5)", **RAGGED),
        Case(f"{R}.pad_sequence([z, x], padding_side='left')", **RAGGED),
        Case(f"{R}.pad_sequence([z, x], True, 2, 'left')", **RAGGED),
        Case(f"{R}.pad_sequence([x])", x=real(3)),
        Case(f"{R}.pad_sequence([x, y])", x=real(3, 2, 2), y=real(0, 2, 2)),
        Case(f"{R}.pad_sequence(x, batch_first=True)", x=real(3, 4, 2)),
        Case(f"{R}.pad_sequence([m.tensor([1, 2, 3]), m.tensor([4])], padding_value=9)"),
        Case(f"{R}.pad_sequence([m.tensor([True, False]), m.tensor([True])])"),
        Refused(f"{R}.pad_sequence([])", says="sequences"),
        Refused(f"{R}.pad_sequence(3)", says="sequences"),
        Refused(f"{R}.pad_sequence([x, y])", says="sequences", x=real(3, 2), y=real(2, 3)),
        Refused(f"{R}.pad_sequence([x], padding_side='top')", says="padding_side", x=real(3)),
    ],
    "nn.utils.rnn.pack_padded_sequence": [
        Case(f"{PACK}(x, [4, 2, 1])", x=real(4, 3, 2)),
        Case(f"{PACK}(input=x, lengths=m.tensor([4, 4, 1]), batch_first=True)", x=real(3, 4, 2)),
        Case(f"{PACK}(x, [1, 4, 2], enforce_sorted=False)", x=real(4, 3, 2)),
        Case(f"{PACK}(x, m.tensor([2, 3]), True, False)", x=real(2, 5)),
        Case(f"{PACK}(x, [3])", x=real(5, 1, 2, 2)),
        Case(f"{PACK}(x, [2, 1]).to(m.float64).data", x=real(2, 2)),
        Case(f"{PACK}(x, [2, 1]).double()", x=real(2, 2)),
        Case(f"{R}.PackedSequence(x, m.tensor([2, 1]), m.tensor([1, 0]))", x=real(3, 2)),
        Refused(f"{PACK}(x, [1, 2])", says="lengths.*enforce_sorted", x=real(4, 2, 2)),
        Refused(f"{PACK}(x, [2, 1, 1])", says="lengths", x=real(4, 2, 2)),
        Refused(f"{PACK}(x, [2, 0])", says="lengths", x=real(4, 2, 2)),
        Refused(f"{PACK}(x, m.tensor([[2, 1]]))", says="lengths", x=real(4, 2, 2)),
        Refused(f"{R}.PackedSequence(x)", says="batch_sizes", x=real(4, 2)),
    ],
    "nn.utils.rnn.pad_packed_sequence": [
        Case(f"{INVERSE}(x, [4, 2, 1]))", x=real(4, 3, 2)),
        Case(f"{INVERSE}(x, [3, 2, 1]), batch_first=True)", x=real(4, 3, 2)),
        Case(f"{INVERSE}(x, [1, 4, 2], enforce_sorted=False), padding_value=-1)", x=real(4, 3, 2)),
        Case(f"{INVERSE}(x, [2, 1]), total_length=6)", x=real(4, 2, 3)),
        Case(f"{INVERSE}(x, [2, 3], True, False), True, 0.5, 4)", x=real(2, 5)),
        Refused(f"{INVERSE}(x, [3, 2]), total_length=2)", says="total_length", x=real(4, 2)),
    ],
    "nn.utils.rnn.pack_sequence": [
        Case(f"{R}.pack_sequence([x, y, z])", **RAGGED),
        Case(f"{R}.pack_sequence([z, x, y], enforce_sorted=False)", **RAGGED),
        Case(f"{R}.unpack_sequence({R}.pack_sequence([z, x, y], False))", **RAGGED),
        Refused(f"{R}.pack_sequence([z, x])", says="lengths.*enforce_sorted", **RAGGED),
        Refused(f"{R}.pack_sequence([])", says="sequences"),
    ],
    "nn.utils.rnn.unpad_sequence": [
        Case(f"{R}.unpad_sequence({R}.pad_sequence([z, x]), m.tensor([1, 4]))", **RAGGED),
        Case(f"{R}.unpad_sequence(x, lengths=m.tensor([1, 2]), batch_first=True)", x=real(2, 3)),
        Case(f"{R}.unpad_sequence(x * 1, m.tensor([0, 3]))", x=real(3, 2, 2)),
    ],
}
