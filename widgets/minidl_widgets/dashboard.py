"""The training dashboard: a run's curves while they grow; pause, step, resume, stop, change the learning rate.

The page asks and this answers: one custom message is one slice of steps, so a run pauses by not being asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Literal, final

import anywidget

from .dashboard_series import plain, series_of
from .dashboard_static import draw, sentence
