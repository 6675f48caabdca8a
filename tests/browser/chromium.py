"""Which Chromium the browser tests drive, and how it is started: offline and forgetful."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SHOTS = Path(__file__).with_name("shots")

# The sandbox needs privileges that containers lack; the tests show nothing but our own pages.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
    "--force-color-profile=srgb",
]


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, or None; `MINIDL_CHROMIUM` chooses one by hand."""
    wanted = os.environ.get("MINIDL_CHROMIUM")
    names = [wanted] if wanted else ["chromium", "chromium-browser", "google-chrome"]
    return next((path for path in map(shutil.which, names) if path), None)


def shot(name: str) -> Path:
    """Where the screenshot `name` is kept: a folder that git ignores and that a person looks at."""
    SHOTS.mkdir(exist_ok=True)
    return SHOTS / f"{name}.png"
