"""Every promised name, trial by trial, against PyTorch."""

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

from .cases import CASES  # noqa: E402
from .judge import judge, variants  # noqa: E402
from .names import NAMES  # noqa: E402


def test_no_name_is_missing():
    assert set(CASES) == set(NAMES)
    assert all(CASES.values())


@pytest.mark.filterwarnings("ignore:::torch")
@pytest.mark.parametrize("name", sorted(CASES))
def test_name(name):
    failures = []
    for trial in CASES[name]:
        for kind, strided in variants(trial):
            try:
                judge(trial, kind, strided)
            except Exception as error:
                how = f"{kind}{' strided' if strided else ''}"
                failures.append(f"{trial.code}  [{how}]\n    {type(error).__name__}: {error}")
    assert not failures, f"{len(failures)} trials part:\n" + "\n".join(failures[:12])
