"""The dashboard in JupyterLab: a real kernel trains; a person pauses it, changes it, stops it."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from .lab import Lab
from .panel import Panel

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "01_value" / "solution.ipynb"
PIECES = ("def mul_local", "def power_local", "class Value", "def uses", "def backward")
LEARNERS_VALUE = "import math\n" + "\n".join(
    cell.source
    for cell in nbformat.read(LESSON, 4).cells
    if cell.cell_type == "code" and any(piece in cell.source for piece in PIECES)
)

TRAINER = """
import minidl
from minidl import nn, optim
from minidl.data import DataLoader, datasets
from minidl.training import Trainer
from minidl_widgets import Dashboard

def trainer_of(lr, epochs):
    minidl.manual_seed(0)
    train = DataLoader(datasets.digits("train", normalize=True), 32, shuffle=True)
    valid = DataLoader(datasets.digits("test", normalize=True), 359)
    layers = [nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)]
    model, loss = nn.Sequential(*layers), nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=lr)
    return Trainer(model, optimizer, loss, train, valid_loader=valid, epochs=epochs)
"""


def open_panel(lab: Lab, name: str, *cells: str, theme: str = "light") -> Panel:
    lab.open(lab.write(name, [TRAINER, *cells]), theme=theme).run_all()
    assert lab.errors() == []
    return Panel(lab, len(cells))


def test_a_run_in_a_person_s_hands(lab: Lab) -> None:
    cells = [
        "other = trainer_of(0.02, 8).run()",
        "trainer = trainer_of(0.1, 400)\nboard = Dashboard(trainer)\n"
        "board.compare(other, label='a smaller rate')",
    ]
    panel = open_panel(lab, "hands.ipynb", *cells)
    expect(panel.status).to_have_text("Ready: 18000 steps in 400 epochs.")
    panel.button("Start").click()
    panel.reach(150)
    lab.screenshot("dashboard-lab-running", panel.root)
    assert panel.pause() < 0.2
    paused = panel.step()
    lab.page.wait_for_timeout(400)
    assert panel.step() == paused

    rate = panel.root.get_by_role("textbox", name="Learning rate")
    rate.fill("0.05")
    rate.press("Enter")
    expect(panel.status).to_have_text(f"Learning rate 0.05 from step {paused + 1} on.")
    panel.button("Single step").click()
    expect(panel.status).to_contain_text(f"Paused at step {paused + 1}")
    panel.button("Resume").click()
    panel.reach(paused + 150)
    panel.button("Double the learning rate").click()
    expect(panel.status).to_contain_text("Learning rate 0.1 from step")
    panel.button("Stop").click()
    expect(panel.status).to_contain_text("Stopped at step")

    for theme in ("light", "dark"):
        lab.theme(theme)
        panel.root.get_by_role("slider", name="Loss: time cursor").hover(
            position={"x": 120, "y": 60}
        )
        lab.page.wait_for_timeout(300)
        lab.screenshot(f"dashboard-lab-{theme}", panel.root)
        lab.screenshot(f"dashboard-lab-page-{theme}")
    assert lab.complaints == []


def test_the_arrow_keys_move_the_cursor_and_not_the_notebook(lab: Lab) -> None:
    panel = open_panel(
        lab, "keys.ipynb", "b = Dashboard(trainer_of(0.1, 400))\nb.advance(steps=90)\nb"
    )
    loss = panel.root.get_by_role("slider", name="Loss: time cursor")
    loss.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowLeft"):
        lab.page.keyboard.press(key)
    expect(loss).to_have_attribute("aria-valuenow", "2")
    expect(loss).to_be_focused()
    panel.button("Start" if panel.step() == 0 else "Resume").focus()
    lab.page.keyboard.press("Space")
    expect(panel.button("Pause")).to_be_focused()
    lab.page.keyboard.press("Space")
    expect(panel.status).to_contain_text("Paused at step")


def test_a_cell_can_take_the_steps_and_a_task_too(lab: Lab) -> None:
    cells = [
        "trainer = trainer_of(0.1, 100)\nDashboard(trainer, drive='task')",
        "_ = [next(trainer) for _ in range(45)]",
    ]
    lab.open(lab.write("task.ipynb", [TRAINER, *cells])).run_all()
    panel = Panel(lab, 1)
    panel.reach(20)
    panel.button("Resume").click()
    panel.reach(120)
    assert panel.pause() < 0.2
    panel.button("Resume").click()
    expect(panel.status).to_have_text("Finished after 4500 steps.", timeout=90_000)


def test_a_failure_is_a_sentence(lab: Lab) -> None:
    panel = open_panel(lab, "failure.ipynb", "Dashboard(trainer_of(1e30, 4))")
    panel.button("Start").click()
    expect(panel.status).to_contain_text("The run broke off (NonFiniteLossError). Step 2")
    lab.screenshot("dashboard-lab-failure", panel.root)


@pytest.mark.parametrize("theme", ["dark"])
def test_a_restarted_kernel_is_gone(lab: Lab, theme: str) -> None:
    panel = open_panel(lab, "gone.ipynb", "Dashboard(trainer_of(0.1, 400))", theme=theme)
    panel.button("Start").click()
    panel.reach(50)
    lab.restart()
    expect(panel.status).to_contain_text("The kernel is gone", timeout=10_000)
    expect(panel.button("Resume")).to_be_disabled()
    lab.screenshot("dashboard-lab-gone", panel.root)


def test_a_closed_page_pauses_the_run(lab: Lab) -> None:
    panel = open_panel(lab, "closed.ipynb", "Dashboard(trainer_of(0.1, 600))")
    panel.button("Start").click()
    panel.reach(50)
    lab.ask("await panel.context.save();")
    lab.open("closed.ipynb")
    panel = Panel(lab, 1)
    expect(panel.status).to_contain_text("Paused at step")


OWN = """
import math, random
from minidl_widgets import Dashboard
rng = random.Random(0)
points = [(rng.uniform(-1, 1), rng.uniform(-1, 1)) for _ in range(60)]

def neuron(weights, bias, inputs):
    total = bias
    for weight, number in zip(weights, inputs):
        total = total + weight * number
    return total.tanh()

def dials(n):
    return [Value(rng.uniform(-1, 1)) for _ in range(n)]

layer, last = [(dials(2), dials(1)) for _ in range(8)], (dials(8), dials(1))
named = {"first layer": layer, "last neuron": last}

def answer(point):
    return neuron(last[0], last[1][0], [neuron(w, b[0], point) for w, b in layer])

def learn(settings, steps):
    for _ in range(steps):
        batch = rng.sample(points, 10)
        loss = sum((answer(p) - (1.0 if p[0] * p[1] > 0 else -1.0)) ** 2 for p in batch) / 10
        loss.backward()
        for neuron in [*layer, last]:
            for dial in neuron[0] + neuron[1]:
                dial.data -= settings["lr"] * dial.grad
        yield {"loss": loss.data}

settings = {"lr": 0.05}
board = Dashboard(learn(settings, 3000), total=3000, settings=settings, parameters=named)
board
"""


def test_the_learners_own_engine_in_a_person_s_hands(lab: Lab) -> None:
    """Lesson 01's class, with a loop written in the notebook: no Trainer, no tensor."""
    cells = [LEARNERS_VALUE, OWN, "print(len(board.run()), settings, board.state)"]
    lab.open(lab.write("own.ipynb", cells)).run(0).run(1)
    assert lab.errors() == []
    panel = Panel(lab, 1)
    expect(panel.status).to_have_text("Ready: 3000 steps.")
    panel.button("Start").click()
    panel.reach(60)
    assert panel.pause() < 0.2
    paused = panel.step()
    lab.page.wait_for_timeout(400)
    assert panel.step() == paused
    rate = panel.root.get_by_role("textbox", name="Learning rate")
    rate.fill("0.1")
    rate.press("Enter")
    expect(panel.status).to_have_text(f"Learning rate 0.1 from step {paused + 1} on.")
    panel.button("Single step").click()
    expect(panel.status).to_contain_text(f"Paused at step {paused + 1}")
    panel.button("Resume").click()
    panel.reach(paused + 60)
    rows = panel.root.get_by_role("slider", name="Update ÷ weight, by layer: time cursor")
    expect(rows).to_have_attribute("aria-valuetext", re.compile(r"first layer [\d.]+, last neuron"))
    for theme in ("light", "dark"):
        lab.theme(theme)
        lab.page.wait_for_timeout(300)
        lab.screenshot(f"dashboard-own-{theme}", panel.root)
    lab.run(2)  # a cell finishes what the page has running
    assert lab.text(2).strip() == "3000 {'lr': 0.1} finished"
    expect(panel.status).to_have_text("Finished after 3000 steps.")
    assert lab.complaints == []
