"""What this machine's graphics cards are; every question has an answer without one, too.

PyTorch's `torch.cuda`, under the same names.
"""

from importlib import import_module as _import_module

from .cards import (
    CardProperties as CardProperties,
    can_device_access_peer as can_device_access_peer,
    current_device as current_device,
    device as device,
    device_count as device_count,
    get_device_capability as get_device_capability,
    get_device_name as get_device_name,
    get_device_properties as get_device_properties,
    is_available as is_available,
    is_initialized as is_initialized,
    set_device as set_device,
    synchronize as synchronize,
)
from .memory import (
    empty_cache as empty_cache,
    max_memory_allocated as max_memory_allocated,
    max_memory_reserved as max_memory_reserved,
    mem_get_info as mem_get_info,
    memory_allocated as memory_allocated,
    memory_reserved as memory_reserved,
    memory_stats as memory_stats,
    memory_summary as memory_summary,
    reset_peak_memory_stats as reset_peak_memory_stats,
    set_per_process_memory_fraction as set_per_process_memory_fraction,
)
from .seeds import (
    get_rng_state as get_rng_state,
    initial_seed as initial_seed,
    manual_seed as manual_seed,
    manual_seed_all as manual_seed_all,
    seed as seed,
    seed_all as seed_all,
    set_rng_state as set_rng_state,
)
from .streams import (
    Event as Event,
    Stream as Stream,
    current_stream as current_stream,
    default_stream as default_stream,
    stream as stream,
)


def __getattr__(name: str):
    if name == "amp":  # opened when first asked for, so that `import minidl` stays quick
        return _import_module(".amp", __name__)
    raise AttributeError(f"module 'minidl.cuda' has no attribute '{name}'")


OutOfMemoryError = MemoryError  # what CuPy raises is one
