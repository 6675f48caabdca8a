"""The laws of the house (DESIGN.md, section 2): each is kept here, and each can be broken."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest

from .house import blocks, imports, names
from .house.source import ROOT, House

Law = Callable[[House], Iterable[str]]

# Each law, and small houses that break it. SOUND, further down, keeps them all.
MUL = "@elementwise()\ndef mul(xp, x, y):\n    return x * y\n"
RULE = "mul.vjp(lambda g, z, x, y: g * y)\n"
BROKEN: list[tuple[Law, dict[str, str]]] = [
    (imports.floors, {"minidl/tape.py": "from .nn import x", "minidl/nn/__init__.py": "x = 1"}),
    (imports.floors, {"minidl/ops/a.py": "def f():\n    from ..nn import b", "minidl/nn/b.py": ""}),
    (imports.floors, {"minidl/attic.py": ""}),
    (imports.circles, {"minidl/nn/a.py": "from .b import x", "minidl/nn/b.py": "from . import a"}),
    (imports.relative, {"minidl/nn/a.py": "from minidl.tensors import Tensor"}),
    (imports.relative, {"minidl/nn/a.py": "import minidl as dl"}),
    (imports.relative, {"minidl/nn/a.py": "from .. import Tensor", "minidl/__init__.py": ""}),
    (imports.arrays, {"minidl/nn/a.py": "import cupy"}),
    (imports.arrays, {"minidl/nn/a.py": "importlib.import_module('cupyx.distributed')"}),
    (imports.arrays, {"minidl/ops/a.py": "from numpy import add"}),
    (imports.sealed, {"lessons/07_x/lesson.py": "import pickle"}),
    (imports.sealed, {"minidl/a.py": "state = torch.load(path)"}),
    (imports.sealed, {"minidl/a.py": "np.load(path, allow_pickle=True)"}),
    (blocks.primitives, {"minidl/ops/a.py": MUL, "minidl/ops/b.py": MUL}),
    (blocks.primitives, {"minidl/ops/a.py": MUL, "minidl/ops/b.py": "from .a import mul\n" + RULE}),
    (blocks.primitives, {"minidl/ops/a.py": MUL + RULE + RULE}),
    (blocks.primitives, {"minidl/ops/a.py": MUL + "def square(x): return mul(x, x)\n" + RULE}),
    (blocks.tapes, {"minidl/nn/a.py": "tape.Node(f, (), ())"}),
    (blocks.broadcasting, {"minidl/ops/a.py": MUL + "mul.vjp(lambda g, z, x, y: sum_to(g * y))"}),
    (blocks.writing, {"minidl/nn/a.py": "p.array[0] = 1"}),
    (blocks.writing, {"minidl/optim/a.py": "p.array -= g"}),
    (blocks.writing, {"minidl/nn/a.py": "backend.write(p, 1)"}),
    (blocks.classes, {"minidl/nn/a.py": "class Layer: pass"}),
    (blocks.classes, {"widgets/minidl_widgets/a.py": "class Colour(Enum):\n    RED = 1"}),
    (blocks.classes, {"minidl/nn/a.py": "@final\nclass A: pass\n@final\nclass B(A): pass"}),
    (blocks.classes, {"minidl/nn/a.py": "@final\nclass A(ABC): pass"}),
    (names.files, {"minidl/nn/helpers.py": ""}),
    (names.files, {"minidl/compile/__init__.py": ""}),
    (names.files, {"tests/common.py": ""}),
    (names.files, {"minidl/utils/more.py": "def more(): pass"}),
    (names.docstrings, {"minidl/nn/a.py": "x = 1"}),
    (names.docstrings, {"minidl/nn/a.py": "'''A door.'''\ndef f(): pass"}),
    (names.places, {"README.md": "see https://pypi" + ".org"}),
    (names.places, {"minidl/a.py": "open('/ro" + "ot/x')"}),
]
LAWS = list(dict.fromkeys(law for law, _ in BROKEN))

SOUND = {
    "minidl/__init__.py": "'''The face.'''\nfrom . import nn\nfrom .tensors import Tensor",
    "minidl/backend.py": "'''Arrays.'''\nimport numpy, importlib\nimportlib.import_module('cupy')",
    "minidl/tape.py": "'''Nodes.'''\nfrom . import backend\nNode()",
    "minidl/utils/data.py": "'''A face.'''\nfrom ..tensors import Tensor",
    "minidl/ops/a.py": f"'''Rules.'''\n{MUL.replace('return', 'z = 1; return')}\n{RULE}".replace(
        "    z", "    '''z'''\n    z"
    ),
    "minidl/tensors.py": (
        "'''Tensor.'''\nfrom . import backend\n\n\n@final\nclass Tensor:\n    '''One.'''\n\n"
        "    def fill_(self, v):\n        backend.write(self.array, v)\n"
    ),
    "minidl/nn/__init__.py": (
        "'''Layers.'''\nimport numpy\nfrom ..tensors import Tensor\n\n\n"
        "class Layer(ABC):\n    '''A.'''\n\n    @abstractmethod\n    def f(self): ...\n\n\n"
        "@final\nclass One(Layer):\n    '''B.'''\n\n    def f(self): ...\n\n\n"
        "class Slow:\n    '''Abstract: slow.'''\n\n    def f(self): raise NotImplementedError\n"
    ),
}


def sentence(law: Law) -> str:
    """The law in words: its docstring's first paragraph."""
    return (law.__doc__ or "").split("\n\n")[0]


@pytest.fixture(scope="module")
def house() -> House:
    return House.here()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps(law: Law, house: House) -> None:
    faults = list(law(house))
    assert not faults, "\n  ".join([sentence(law), *faults])


@pytest.mark.parametrize(("law", "files"), BROKEN, ids=lambda x: getattr(x, "__name__", ""))
def test_a_broken_house_is_seen(law: Law, files: dict[str, str]) -> None:
    assert list(law(House(files))), f"{law.__name__} saw no fault in {files}"


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_sound_house_is_left_in_peace(law: Law) -> None:
    assert list(law(House(SOUND))) == []


def test_no_public_name_hides_a_module() -> None:
    """`minidl.nn` is the module nn; a function of that name would hide it."""
    code = """
import minidl, pathlib, types
for path in pathlib.Path(minidl.__file__).parent.iterdir():
    name = path.stem
    if (path.suffix == ".py" or (path / "__init__.py").exists()) and not name.startswith("__"):
        if not isinstance(getattr(minidl, name, types), types.ModuleType):
            print(name)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == [], "these names of the face hide modules of the same name"


@pytest.mark.timeout(300)
def test_notebooks_are_what_their_lessons_say() -> None:
    """A lesson is generated from one file: what `minidl build` would write is what is there."""
    if importlib.util.find_spec("minidl.cli") is None or not list(ROOT.glob("lessons/*/lesson.py")):
        pytest.skip("no command line or no lessons yet")
    command = [sys.executable, "-m", "minidl.cli", "build", "--check"]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    message = "the notebooks differ from lesson.py; run `minidl build`"
    assert answer.returncode == 0, f"{message}\n{answer.stdout}{answer.stderr}"
