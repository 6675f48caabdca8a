"""Every name of PyTorch's that minidl promises, on the graphics card against the processor."""

import pytest

from tests.devices.trials import NAMES, problems


@pytest.mark.parametrize("name", NAMES)
def test_trials_give_what_the_processor_gives(name):
    assert not problems(name)
