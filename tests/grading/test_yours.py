"""The learner's pieces run in place of minidl's, are kept as text, and never break the house."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest

import minidl
from minidl.grading import Exercise, Part, badge, check, install, load_mine, remove
from minidl.grading.notebook import checking
from minidl.grading.pieces import my_code, travelling, yours
from minidl.grading.pieces.my_code import source_of
from minidl.grading.pieces.replacing import find
from minidl.grading.running import execute
from minidl.primitive import TABLE
from minidl.training import CheckpointError, checkpoint

CLIP = Exercise(
    id="04.softmax",
    title="Softmax",
    entry=("softmax",),
    parts=[
        Part(
            id="values",
            title="values",
            generate=lambda rng: {"x": rng.normal(size=(2, 3))},
            run=lambda code, x: code.softmax(minidl.tensor(x), 1),
            reference=lambda x: minidl.softmax(minidl.tensor(x), 1),
        )
    ],
    replaces="nn.functional.softmax",
)


@pytest.fixture(autouse=True)
def minidl_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Each test leaves minidl whole and writes into a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(yours, "_notes", {})
    monkeypatch.setattr(checking, "find_exercise", lambda id: CLIP)
    monkeypatch.setattr(travelling, "find_exercise", lambda id: CLIP)
    monkeypatch.setattr(yours, "_passing", {})
    yield
    for name in list(yours._installed):
        remove(name)


def softmax(x, dim):
    """The learner's, which counts its calls."""
    softmax.calls += 1
    e = (x - x.amax(dim, keepdim=True)).exp()
    return e / e.sum(dim, keepdim=True)


softmax.calls = 0


def test_a_function_is_replaced_wherever_minidl_holds_it():
    original = find("nn.functional.softmax")
    install("nn.functional.softmax", softmax)
    before = softmax.calls
    minidl.nn.functional.softmax(minidl.zeros(1, 2), 1)
    minidl.nn.Softmax(1)(minidl.zeros(1, 2))
    assert softmax.calls == before + 2
    assert str(badge()) == "nn.functional.softmax  yours"
    assert "learner's" in inspect.getsource(minidl.nn.functional.softmax)
    remove("nn.functional.softmax")
    assert minidl.nn.functional.softmax is original
    assert str(badge()) == "nn.functional.softmax  minidl's"


def test_a_function_that_raises_falls_back_with_one_sentence(capsys):
    install("nn.functional.softmax", lambda x, dim: x.no_such_thing)
    result = minidl.nn.functional.softmax(minidl.zeros(1, 2), 1)
    assert result.tolist() == [[0.5, 0.5]]
    assert capsys.readouterr().out.startswith("Your nn.functional.softmax raised AttributeError")
    minidl.nn.functional.softmax(minidl.zeros(1, 2), 1)
    assert capsys.readouterr().out == ""
    assert "your piece raised AttributeError" in str(badge())


def test_a_piece_with_fewer_options_serves_where_they_are_not_used(capsys):
    calls = []

    def cross_entropy(logits, labels):
        calls.append(1)
        return -minidl.log_softmax(logits, 1)[minidl.arange(len(labels)), labels].mean()

    logits, labels = minidl.tensor([[1.0, 3.0], [2.0, 0.5]]), minidl.tensor([1, 0])
    mean = minidl.nn.CrossEntropyLoss()(logits, labels).item()
    total = minidl.nn.CrossEntropyLoss(reduction="sum")(logits, labels).item()
    install("nn.functional.cross_entropy", cross_entropy)
    assert minidl.nn.CrossEntropyLoss()(logits, labels).item() == pytest.approx(mean)
    assert calls == [1]
    summed = minidl.nn.CrossEntropyLoss(reduction="sum")(logits, labels).item()
    assert summed == total and calls == [1]
    assert "but minidl's where reduction= is asked for" in str(badge())
    assert capsys.readouterr().out == ""


def test_an_input_that_is_to_blame_leaves_the_piece_in_place():
    install("nn.functional.softmax", softmax)
    with pytest.raises((IndexError, ValueError)):
        minidl.nn.functional.softmax(minidl.zeros(1, 2), 7)
    assert yours.is_yours("nn.functional.softmax")


def test_a_refusal_that_the_original_shares_is_the_learners_own(capsys):
    def verify(data, expected, file):
        if len(data) != expected["bytes"]:
            raise CheckpointError(f"{file} is not what I wrote") from KeyError("a cause of mine")

    install("training.seal.verify", verify)
    whole = find("training.seal.seal")(b"whole")
    with pytest.raises(CheckpointError, match="a.safetensors is not what I wrote") as refused:
        checkpoint.verify(b"hal", whole, "a.safetensors")
    assert isinstance(refused.value.__cause__, KeyError)
    checkpoint.verify(b"whole", whole, "a.safetensors")
    assert yours.is_yours("training.seal.verify") and capsys.readouterr().out == ""


def test_where_both_raise_something_else_minidls_sentence_is_shown():
    def verify(data, expected, file):
        return file.no_such_thing

    install("training.seal.verify", verify)
    with pytest.raises(CheckpointError, match="cut short"):
        checkpoint.verify(b"hal", {"bytes": 5}, "a.safetensors")
    assert yours.is_yours("training.seal.verify")


def test_a_walk_that_the_original_refuses_halfway_too_stays_the_learners(capsys):
    def original(n):
        yield n
        raise ValueError("theirs")

    def mine(n):
        yield n
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        yours._guarded("a walk", mine, original)(1)
    assert capsys.readouterr().out == ""


def test_rules_of_a_primitive_are_replaced_and_put_back():
    seen = []

    def dx(g, z, x, y):
        seen.append("dx")
        return g * y

    old = TABLE["mul"].rules
    install("primitive:mul.vjp", (dx, lambda g, z, x, y: g * x))
    x = minidl.tensor([2.0, 3.0], requires_grad=True)
    (x * minidl.tensor([5.0, 7.0])).sum().backward()
    assert x.grad.tolist() == [5.0, 7.0] and seen == ["dx"]
    assert str(badge()) == "the derivative of mul  yours"
    remove("primitive:mul.vjp")
    assert TABLE["mul"].rules == old


def test_a_rule_that_raises_falls_back(capsys):
    install("primitive:mul.vjp", (lambda g, z, x, y: g @ None, lambda g, z, x, y: g * x))
    x = minidl.tensor([2.0], requires_grad=True)
    (x * minidl.tensor([5.0])).sum().backward()
    assert x.grad.tolist() == [5.0]
    assert capsys.readouterr().out.startswith("Your derivative of mul raised")


def test_a_class_is_replaced_and_falls_back_for_new_ones(capsys):
    original = minidl.nn.ReLU

    class ReLU(minidl.nn.Module):
        def forward(self, x):
            return x.nothing_of_the_kind()

    install("nn.ReLU", ReLU)
    assert minidl.nn.ReLU is ReLU
    layer = minidl.nn.ReLU()
    with pytest.raises(AttributeError):
        layer(minidl.zeros(2))
    assert minidl.nn.ReLU is original
    said = capsys.readouterr().out
    assert said.startswith("Your nn.ReLU raised AttributeError")
    assert "Run the cell that made it again: a new one is minidl's; badge()" in said
    assert minidl.nn.ReLU()(minidl.tensor([-1.0])).tolist() == [0.0]


def walk(module, prefix=""):
    """The learner's named_parameters, one floor deep and backwards, so that one sees whose ran."""
    children = reversed(list(module._modules.items()))
    for path, child in children:
        for name, parameter in child._parameters.items():
            yield f"{prefix}{path}.{name}", parameter


def test_a_method_is_replaced_and_optimisers_run_on_it():
    model = minidl.nn.Sequential(minidl.nn.Linear(2, 3), minidl.nn.Linear(3, 1))
    install("nn.Module.named_parameters", walk)
    group = minidl.optim.SGD(model.parameters(), lr=0.1).param_groups[0]
    assert [p.shape for p in group["params"]] == [(1, 3), (1,), (3, 2), (3,)]
    assert next(model.named_parameters())[0] == "1.weight"
    named = model.named_parameters(recurse=False)  # an option that the learner's does not have
    assert list(named) == [] and "where recurse= is asked for" in str(badge())
    remove("nn.Module.named_parameters")
    assert [name for name, _ in model.named_parameters()][0] == "0.weight"


def test_a_generator_that_raises_halfway_falls_back(capsys):
    def half(module, prefix=""):
        yield "first", minidl.zeros(1)
        raise TypeError("halfway")

    install("nn.Module.named_parameters", half)
    found = [name for name, _ in minidl.nn.Linear(2, 3).named_parameters()]
    assert found == ["weight", "bias"]
    assert capsys.readouterr().out.startswith("Your nn.Module.named_parameters raised TypeError")
    assert not yours.is_yours("nn.Module.named_parameters")


def test_the_source_of_a_class_at_work_is_still_found():
    source = "class ReLU(nn.Module):\n    def forward(self, x):\n        return x.clamp(min=0)"
    namespace: dict = {"__name__": "__main__", "nn": minidl.nn}
    execute(source, "<cell of a kernel without a history>", namespace)
    install("nn.ReLU", namespace["ReLU"])
    assert minidl.nn.ReLU is namespace["ReLU"]
    assert my_code._files(namespace) == ["<cell of a kernel without a history>"]


@pytest.mark.parametrize("name", ["nn.functional.nothing", "no.such", "primitive:none.vjp"])
def test_a_part_that_minidl_lacks_is_named(name):
    with pytest.raises(LookupError, match="minidl has no"):
        install(name, softmax)


def test_passing_installs_and_failing_takes_out():
    result = check("04.softmax", {"softmax": softmax})
    assert result and "Yours: `nn.functional.softmax` now runs on your code." in str(result)
    assert yours.is_yours("nn.functional.softmax")
    result = check("04.softmax", {"softmax": lambda x, dim: x})
    assert not result  # judged against minidl's own, though the learner's was installed
    assert "`nn.functional.softmax` stays minidl's" in str(result)
    assert not yours.is_yours("nn.functional.softmax")


CELLS = [
    "import numpy as np\nfrom math import exp as e\nRATE = 0.5",
    "def helper(x):\n    return x\nx = 3  # not the helper's x",
    "class Value:\n    pass\nprint('no')",
    "# my best\nclass Value:\n    rate = RATE\n"
    "    def go(self):\n        return np.exp(helper(e(1)))",
    "Value.twice = lambda self: 2 * self.go()\ncheck('01.value')",
    "%magic\n",
]


def test_the_kept_source_stands_alone():
    namespace: dict = {}
    for cell in CELLS[:4]:
        exec(cell.replace("print('no')", ""), namespace)
    source = source_of(["Value"], namespace, CELLS)
    assert source.startswith("from math import exp as e\nimport numpy as np\n\nRATE = 0.5")
    assert "# my best\nclass Value" in source and "Value.twice" in source
    assert "x = 3" not in source and "print" not in source and "check" not in source
    assert source.count("class Value") == 1
    alone: dict = {}
    exec(source, alone)
    assert alone["Value"]().twice() == pytest.approx(2 * np.exp(np.e))


GOOD = (
    "def softmax(x, dim):\n"
    "    e = (x - x.amax(dim, keepdim=True)).exp()\n"
    "    return e / e.sum(dim, keepdim=True)"
)


def test_kept_pieces_work_in_another_kernel(tmp_path, monkeypatch):
    monkeypatch.setattr(my_code, "notebook_cells", lambda namespace: [GOOD])
    namespace: dict = {}
    exec(GOOD, namespace)
    assert "Your code is kept in `my_minidl.py`." in str(check("04.softmax", namespace))
    path = tmp_path / "my_minidl.py"
    text = path.read_text()
    check("04.softmax", namespace)
    assert path.read_text() == text  # again changes nothing
    remove("nn.functional.softmax")
    assert str(load_mine()) == "04.softmax: yours."
    assert yours.is_yours("nn.functional.softmax")

    path.write_text(text.replace("return e / e.sum", "return e + e.sum"))
    assert str(load_mine()) == "04.softmax: minidl's, because it does not pass its check any more."
    assert not yours.is_yours("nn.functional.softmax")
    path.write_text(text.replace("return", "retrun"))
    assert str(load_mine()).startswith("04.softmax: minidl's, because it raised SyntaxError")


def test_nothing_kept_is_said_and_nothing_is_written_beside_a_lesson(tmp_path, monkeypatch):
    assert str(load_mine()).startswith("There is no my_minidl.py here yet")
    (tmp_path / "lesson.py").touch()
    monkeypatch.setattr(my_code, "notebook_cells", lambda namespace: [GOOD])
    namespace: dict = {}
    exec(GOOD, namespace)
    assert "Your code is kept" in str(check("04.softmax", namespace))
    assert not (tmp_path / "my_minidl.py").exists()
