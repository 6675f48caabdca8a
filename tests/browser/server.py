"""A JupyterLab of the tests' own: free port, fresh folders, default settings, gone afterwards."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import final

# Every cell stays in the page, so that a locator finds it without scrolling; no news is fetched.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}


@final
class LabServer:
    """One running `jupyter lab`: `.url`, `.token`, and `.folder`, where its notebooks lie."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "work"
        self.folder.mkdir(parents=True)
        self.token = secrets.token_hex(16)
        self.log = home / "jupyterlab.log"
        self._runtime = home / "runtime"
        self._write_settings(home / "settings")
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self.folder,
                env=self._environment(home),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.url = self._wait(seconds=90)

    def stop(self) -> None:
        """End the server; it ends its kernels itself."""
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            "--ServerApp.port=0",
            f"--ServerApp.root_dir={self.folder}",
            f"--IdentityProvider.token={self.token}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]

    def _environment(self, home: Path) -> dict[str, str]:
        own = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        return {**os.environ, **{name: str(home / folder) for name, folder in own.items()}}

    def _write_settings(self, folder: Path) -> None:
        for plugin, values in SETTINGS.items():
            path = folder / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))

    def _wait(self, seconds: float) -> str:
        """The address that the server wrote down once it was listening."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._process.poll() is None:
            for path in self._runtime.glob("jpserver-*.json"):
                try:
                    return json.loads(path.read_text())["url"].rstrip("/")
                except (ValueError, KeyError):  # still being written
                    pass
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text()[-3000:]}")
