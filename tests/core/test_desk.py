"""What a thread keeps for kernels of one stream: it serves again, grows, and is nobody else's."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from minidl.ops.desk_gpu import desk


class Imagined:
    """CuPy's names, as far as a desk asks for them."""

    empty, zeros = staticmethod(np.empty), staticmethod(np.zeros)

    def __init__(self):
        self.stream = SimpleNamespace(ptr=0, is_capturing=lambda: self.capturing)
        self.capturing, self.device = False, 0
        runtime = SimpleNamespace(getDevice=lambda: self.device)
        self.cuda = SimpleNamespace(runtime=runtime, get_current_stream=lambda: self.stream)


@pytest.fixture
def xp():
    return Imagined()


def test_memory_serves_again_and_grows(xp):
    first = desk(xp).partial(10, "float32")
    assert first.size >= 10 and desk(xp).partial(20, "float32") is first
    assert desk(xp).partial(10, "float64") is not first
    larger = desk(xp).partial(first.size + 1, "float32")
    assert larger.size > first.size and desk(xp).partial(10, "float32") is larger


def test_much_memory_is_not_kept(xp):
    kept = desk(xp).partial(1, "uint8")
    assert desk(xp).partial(1 << 26, "uint8").size == 1 << 26
    assert desk(xp).partial(1, "uint8") is kept


def test_streams_cards_and_threads_have_their_own(xp):
    mine, found = desk(xp), []
    thread = threading.Thread(target=lambda: found.append(desk(xp)))
    thread.start()
    thread.join()
    xp.stream.ptr = 7
    found.append(desk(xp))
    xp.stream.ptr, xp.device = 0, 1
    found.append(desk(xp))
    assert len({id(one) for one in (mine, *found)}) == 4
    assert (found[1].stream, found[2].device) == (7, 1)
    xp.device = 0
    assert desk(xp) is mine


def test_counters_made_while_a_graph_is_captured_are_not_kept(xp):
    """They stand at 0 only when the graph is replayed."""
    xp.capturing = True
    first = desk(xp).arrived(5)
    assert not first.any() and desk(xp).arrived(5) is not first
    xp.capturing = False
    kept = desk(xp).arrived(5)
    assert desk(xp).arrived(5) is kept and kept.dtype == "int32"
