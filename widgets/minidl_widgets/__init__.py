"""The course's pictures that answer: a widget is one .py, one .js and one .css of one stem."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .figures import follow_the_page

if TYPE_CHECKING:
    from .broadcasts import BroadcastExplorer
    from .dashboard import Dashboard
    from .depth_slider import DepthSlider
    from .graph import GraphStepper
    from .inspector import BatchInspector
    from .landscape import LandscapeRace
    from .microscope import JacobianMicroscope
    from .painter import KernelPainter
    from .passes import Passes
    from .pieces import Pieces
    from .progress import Progress
    from .signal_board import SignalBoard
    from .strides import StrideExplorer
    from .surfaces import LossSlice
    from .symptoms import SymptomPanel

__all__ = [
    "BatchInspector",
    "BroadcastExplorer",
    "Dashboard",
    "DepthSlider",
    "GraphStepper",
    "JacobianMicroscope",
    "KernelPainter",
    "LandscapeRace",
    "LossSlice",
    "Passes",
    "Pieces",
    "Progress",
    "SignalBoard",
    "StrideExplorer",
    "SymptomPanel",
]

_ROOMS = {
    "BatchInspector": ".inspector",
    "BroadcastExplorer": ".broadcasts",
    "Dashboard": ".dashboard",
    "DepthSlider": ".depth_slider",
    "GraphStepper": ".graph",
    "JacobianMicroscope": ".microscope",
    "KernelPainter": ".painter",
    "LandscapeRace": ".landscape",
    "LossSlice": ".surfaces",
    "Passes": ".passes",
    "Pieces": ".pieces",
    "Progress": ".progress",
    "SignalBoard": ".signal_board",
    "StrideExplorer": ".strides",
    "SymptomPanel": ".symptoms",
}


def __getattr__(name: str) -> Any:
    """Open a widget's file when it is first asked for: the other then costs nothing."""
    if name not in _ROOMS:
        raise AttributeError(f"minidl_widgets has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_ROOMS[name], __name__), name)


_shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
if _shell is not None:  # in a notebook: figures follow its theme
    follow_the_page(_shell)
