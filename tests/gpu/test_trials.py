"""Every name of PyTorch's that minidl promises, on the graphics card against the processor."""

import pytest

from tests.devices.trials import NAMES, REFUSING, problems, unrefused


@pytest.mark.parametrize("name", NAMES)
def test_trials_give_what_the_processor_gives(name):
    assert not problems(name)


@pytest.mark.parametrize("name", REFUSING)
def test_what_is_wrong_is_refused_on_the_card(name):
    assert not unrefused(name)
