"""How the trials of a name of PyTorch's are judged on a graphics card, against the processor.

The trials are those of tests/parity, which hold the processor against PyTorch; here PyTorch is not
needed. The card is a real one, or the stand-in. A trial that makes tensors of its own makes them on
the card: that is the default device then, and only then, so that no function can rely on it.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy

import numpy as np

import minidl
from minidl.backends import cudnn
from tests.parity.case import Case, Layer, Refused, Steps
from tests.parity.cases import CASES
from tests.parity.judge import TOLERANCES, flat

NAMES = [name for name, trials in CASES.items() if any(not isinstance(t, Refused) for t in trials)]
REFUSING = [name for name, trials in CASES.items() if any(isinstance(t, Refused) for t in trials)]
KIND = "float32"
# Which of several values stays in a place is left to chance there.
CHANCE = (
    "x.__setitem__(m.tensor([0, 0]), y)",
    "m.index_put(x, (i, i), s[:, 0])",
    "m.scatter(x, 0, i, s)",
)
MAKERS = re.compile(
    r"m\.(tensor|as_tensor|zeros|ones|empty|full|arange|linspace|logspace|eye|rand\w*|normal|"
    r"tril_indices|triu_indices|nn\.[A-Z]\w+|distributions)\b"
)


def tensors_on(device, inputs, grads):
    """The inputs on a device; floating ones are leaves that want gradients."""
    kinds, made = {"f": KIND, "c": "complex64"}, {}
    for name, x in inputs.items():
        if not isinstance(x, np.ndarray):
            made[name] = x
            continue
        t = minidl.tensor(x.astype(kinds.get(x.dtype.kind, x.dtype))).to(device)
        made[name] = t.requires_grad_() if grads and x.dtype.kind in "fc" else t
    return made


def evaluated(code, names):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scope = {"m": minidl, "F": minidl.nn.functional, "np": np, **names}
        return eval(code, scope)  # noqa: S307


def weighted(values):
    """One number in which every floating output counts differently."""
    total = None
    for z in flat(values):
        if isinstance(z, minidl.Tensor) and z.requires_grad:
            z = minidl.view_as_real(z) if z.is_complex() else z
            weights = np.cos(np.arange(z.numel())).reshape(z.shape)
            term = (z * minidl.tensor(weights).to(z.dtype).to(z.device)).sum().double()
            total = term if total is None else total + term
    return total


def gradients(values, leaves):
    total = weighted(values)
    if total is None:
        return []
    return list(minidl.autograd.grad(total, leaves, allow_unused=True))


def making(device, code, inputs):
    """Where what the code makes is to be made."""
    tensors = any(isinstance(x, np.ndarray) for x in inputs.values())
    return nullcontext() if tensors and not MAKERS.search(code) else minidl.device(device)


def case_on(device, trial):
    with making(device, trial.code, trial.inputs):
        names = tensors_on(device, trial.inputs, trial.gradient)
        values = evaluated(trial.code, names)
        leaves = [x for x in names.values() if isinstance(x, minidl.Tensor) and x.requires_grad]
        return [*flat(values), *gradients(values, leaves)]


def layer_on(device, trial, net):
    with making(device, trial.call, trial.inputs):
        net = deepcopy(net).to(device).train(trial.train)
        names = tensors_on(device, trial.inputs, True)
        values = evaluated(trial.call, {**names, "net": net})
        leaves = [x for x in names.values() if isinstance(x, minidl.Tensor) and x.requires_grad]
        leaves += net.parameters()
        return [*flat(values), *net.buffers(), *gradients(values, leaves)]


def path_on(device, trial):
    """The weights after each step of an optimiser, and its rates."""
    rng = np.random.default_rng(0)

    def made(*shape):
        return minidl.tensor(rng.normal(size=shape).astype(KIND)).to(device)

    params = [minidl.nn.Parameter(made(4, 3)), minidl.nn.Parameter(made(3))]
    data, target = made(8, 4), made(8, 3)
    optimizer = evaluated(trial.code, {"params": params})
    schedule = evaluated(trial.schedule, {"opt": optimizer}) if trial.schedule else None

    def loss():
        optimizer.zero_grad()
        value = ((minidl.tanh(data @ params[0] + params[1]) - target) ** 2).mean()
        value.backward()
        return value

    path = []
    for _ in range(trial.steps):
        value = optimizer.step(loss) if trial.closure else loss()
        if not trial.closure:
            optimizer.step()
        if schedule is not None:
            schedule.step(value.item()) if trial.measured else schedule.step()
        path += [p.detach().clone() for p in params]
        path += [float(group["lr"]) for group in optimizer.param_groups]
    return path


@contextmanager
def all_digits() -> Iterator[None]:
    """In this block a card rounds no inputs of convolutions to TF32, as it may by default."""
    before, cudnn.allow_tf32 = cudnn.allow_tf32, False
    try:
        yield
    finally:
        cudnn.allow_tf32 = before


@all_digits()
def run_on(device, trial, net):
    minidl.manual_seed(0)
    if isinstance(trial, Case):
        return case_on(device, trial)
    return path_on(device, trial) if isinstance(trial, Steps) else layer_on(device, trial, net)


def agree(mine, theirs, tolerance, packed):
    """Whether the card's results are the processor's, and tensors are on the card.

    packed: whether lengths of sequences may be among them, which stay on the processor.
    """
    assert len(mine) == len(theirs)
    for a, b in zip(mine, theirs, strict=True):
        assert type(a) is type(b) or a == b, f"{a!r} for {b!r}"
        if not isinstance(b, minidl.Tensor):
            if isinstance(b, float):
                np.testing.assert_allclose(a, b, rtol=1e-3 * tolerance, atol=1e-4 * tolerance)
            elif isinstance(b, np.ndarray):
                np.testing.assert_allclose(a, b, rtol=1e-3 * tolerance)
            else:
                same = str(a).replace(", device='cuda:0'", "") == str(b)
                assert same or "cpu" in str(b) or callable(b), f"{a!r} for {b!r}"
            continue
        length = packed and b.dtype == minidl.int64 and b.ndim == 1
        assert a.device.type == "cuda" or length, "a result is on the processor"
        assert (a.shape, a.dtype) == (b.shape, b.dtype), f"{a.shape} {a.dtype}, {b.shape} {b.dtype}"
        rtol, atol = max(TOLERANCES[KIND], TOLERANCES.get(str(b.dtype), (0.0, 0.0)))
        a, b = a.detach().cpu().numpy(), b.detach().numpy()
        np.testing.assert_allclose(a, b, rtol=rtol * tolerance * 5, atol=atol * tolerance * 5)


def attempt(trial):
    """Runs a trial on both devices; what is wrong, or None."""
    elsewhere = re.search("is_cuda|default_collate", trial.code)
    if KIND not in trial.kinds or elsewhere or any(code in trial.code for code in CHANCE):
        return None
    minidl.manual_seed(0)
    net = evaluated(trial.code, {}).to(KIND) if isinstance(trial, Layer) else None
    try:
        theirs = run_on("cpu", trial, net)
    except Exception:  # noqa: BLE001  (tests/parity says whether that is right)
        return None
    try:
        packed = "pack" in getattr(trial, "call", "") + trial.code
        agree(run_on("cuda", trial, net), theirs, trial.tolerance, packed)
    except Exception as error:  # noqa: BLE001  (all are told together)
        words = " ".join(str(error).split())
        return f"{trial.code}: {type(error).__name__}: {words:.400}"
    return None


def problems(name):
    """What is wrong with a name's trials, a line for each; "" where nothing is."""
    tried = [trial for trial in CASES[name] if not isinstance(trial, Refused)]
    found = [problem for problem in map(attempt, tried) if problem]
    return f"{len(found)} of {len(tried)}:\n" + "\n".join(found) if found else ""


# Positions and labels out of range are told of by whoever waits for the card next. Of lone numbers
# out of range, and of slices, the stand-in has NumPy's words.
LATE = re.compile(
    r"[ij] [-+] \d|\[\[0, 2\]\]|np.s_\[\[0, 2\]\]|\[-4\]|r - 9|\* 0 \+ 9|^F.embedding\(i, w\)$|"
    r"^m.nn.Embedding\(3, 4\)\(i\)$|^F.one_hot\(i(, 3)?\)$|"
    r"^F.(cross_entropy|nll_loss|multi_margin_loss)\(x, t\)$"
)

# What is not noticed: that probabilities are none, and counts negative.
UNNOTICED = {"m.bernoulli(x)", "m.repeat_interleave(x, r - 9, 1)"}


def unrefused(name):
    """What should be refused on a card and is not, or in other words; a line for each."""
    found = []
    for trial in CASES[name]:
        if not isinstance(trial, Refused) or trial.code in UNNOTICED:
            continue
        late = LATE.search(trial.code)
        try:
            with making("cuda", trial.code, trial.inputs):
                evaluated(trial.code, tensors_on("cuda", trial.inputs, False))
            minidl.cuda.synchronize()
            found.append(f"{trial.code} is not refused")
        except Exception as error:  # noqa: BLE001  (all are told together)
            says = f"{trial.says}|out of (range|bounds)" if late else trial.says
            if not re.search(says, str(error)):
                found.append(f"{trial.code}: {type(error).__name__}: {error}")
    return "\n".join(found)
