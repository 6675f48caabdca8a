"""Scripts written for PyTorch train the same way once their import lines say minidl."""

import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import minidl

torch = pytest.importorskip("torch")
pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore:enable_nested_tensor"),  # PyTorch, of a path of its own
]

FOLDER = Path(__file__).parent / "scripts"
NAMES = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))


def ported(source: str) -> str:
    """A script with its import lines changed, and nothing else."""
    source = re.sub(r"^import torch$", "import minidl as torch", source, flags=re.M)
    return re.sub(r"^(import|from) torch\b", r"\1 minidl", source, flags=re.M)


def _run(name: str, source: str) -> ModuleType:
    module = ModuleType(f"{name}_ported")
    exec(compile(source, f"{name}.py", "exec"), vars(module))  # noqa: S102  (our own script)
    return module


def test_the_needed_scripts_are_there():
    assert {"gpt", "cnn", "vae", "gan", "word_lstm", "translation", "graph_convolution",
            "actor_critic", "sine_series"} <= set(NAMES)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_losses_are_pytorchs(name):
    theirs = import_module(f".scripts.{name}", __package__)
    ours = _run(name, ported((FOLDER / f"{name}.py").read_text()))
    assert "torch" not in {value.__name__ for value in vars(ours).values()
                           if isinstance(value, ModuleType)}  # fmt: skip
    torch.manual_seed(0)
    reference, net = theirs.build(), ours.build()
    weights = {key: minidl.tensor(t.numpy()) for key, t in reference.state_dict().items()}
    assert list(net.state_dict()) == list(weights)
    net.load_state_dict(weights)
    expected, got = theirs.train(reference, 20), ours.train(net, 20)
    assert len(expected) >= 20 and np.isfinite(expected).all()
    np.testing.assert_allclose(got, expected, rtol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_weights_travel_through_a_file(name, tmp_path):
    """PyTorch writes safetensors, minidl loads them by the same keys; and back."""
    safetensors = pytest.importorskip("safetensors.torch")
    theirs = import_module(f".scripts.{name}", __package__)
    ours = _run(name, ported((FOLDER / f"{name}.py").read_text()))
    reference, net = theirs.build(), ours.build()
    safetensors.save_model(reference, str(tmp_path / "model.safetensors"))
    loaded = minidl.load(tmp_path / "model.safetensors")
    shared = set(net.state_dict()) - set(loaded)  # tied weights are written once
    net.load_state_dict(loaded, strict=not shared)
    minidl.save(net.state_dict(), tmp_path / "back.safetensors")
    back = safetensors.load_file(str(tmp_path / "back.safetensors"))
    assert set(back) == set(reference.state_dict())
    for key, value in reference.state_dict().items():
        assert torch.equal(back[key], value), key


def test_only_the_import_lines_change():
    source = "import torch\nimport torch.nn as nn\nfrom torch.nn import init\nx = torch.ones(2)\n"
    assert ported(source) == (
        "import minidl as torch\nimport minidl.nn as nn\nfrom minidl.nn import init\n"
        "x = torch.ones(2)\n"
    )
    assert "torch" in sys.modules
