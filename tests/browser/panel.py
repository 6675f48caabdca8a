"""A dashboard in a notebook as a person holds it: buttons, the step shown, how fast it pauses."""

from __future__ import annotations

import re
from statistics import median
from time import perf_counter
from typing import final

from playwright.sync_api import Locator, expect

from .lab import Lab

# Clicks and says after how many seconds the kernel's "Paused" stood in the panel.
PAUSE = """button => new Promise(done => {
  const status = button.closest('.mdl-dashboard').querySelector('[role=status]');
  const began = performance.now();
  const watch = new MutationObserver(() => status.textContent.startsWith('Paused at step')
    && (watch.disconnect(), done((performance.now() - began) / 1000)));
  watch.observe(status, { childList: true, characterData: true, subtree: true });
  button.click();
})"""


@final
class Panel:
    """The dashboard in the output of one cell."""

    def __init__(self, lab: Lab, cell: int) -> None:
        self.lab = lab
        self.root = lab.cell(cell).locator(".mdl-dashboard")
        expect(self.status).to_have_text(re.compile("."), timeout=30_000)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def status(self) -> Locator:
        return self.root.get_by_role("status")

    def step(self) -> int:
        """The step that the panel shows."""
        text = self.root.locator(".count").inner_text()
        found = re.match(r"step ([\d\s]+?) of", text)
        assert found, text
        return int(re.sub(r"\s", "", found[1]))

    def pause(self) -> float:
        """Seconds from the click to the kernel's word; the median of five clicks while it runs,
        since whatever else the machine does holds up one of them."""
        found = [self.button("Pause").evaluate(PAUSE)]
        for _ in range(4):
            self.button("Resume").click()
            self.reach(self.step() + 10)
            found.append(self.button("Pause").evaluate(PAUSE))
        print("pausing took", ", ".join(f"{seconds:.3f}" for seconds in found), "s")
        return median(found)

    def reach(self, step: int) -> None:
        """Wait until the run has come so far."""
        began = perf_counter()
        while self.step() < step:
            assert perf_counter() - began < 60, f"at step {self.step()}: {self.status.inner_text()}"
            self.lab.page.wait_for_timeout(50)
