"""The graph stepper in JupyterLab: a real kernel, real keys, both themes, a saved notebook."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from .lab import Lab

ENGINE = (Path(__file__).parents[1] / "widgets" / "engines.py").read_text()
SHOW = """
from minidl_widgets import GraphStepper

def f(x, y):
    h = x * y
    return (h + x).tanh() + 2 * y

stepper = GraphStepper(f, engine=Value, x=0.5, y=-1.0)
stepper
"""
NETWORK = """
import minidl
from minidl import nn

minidl.manual_seed(0)
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))

def loss(x, labels):
    return nn.functional.cross_entropy(model(x), labels)

GraphStepper(loss, x=minidl.randn(5, 3), labels=minidl.tensor([0, 1, 0, 1, 1]))
"""


def stepper(lab: Lab, cell: int) -> Locator:
    widget = lab.cell(cell).locator(".mdl-graph")
    widget.wait_for()
    return widget


def test_step_by_keyboard_edit_a_leaf_in_both_themes(lab: Lab) -> None:
    lab.open(
        lab.write(
            "graph.ipynb", [ENGINE, SHOW, "stepper.step, stepper.scene['leaves'][0]['value']"]
        )
    )
    widget = stepper(lab.run_all(), 1)
    status = widget.get_by_role("status")
    widget.get_by_role("button", name="Forward").focus()
    for _ in range(3):
        lab.page.keyboard.press("]")
    expect(status).to_have_text("v2 = tanh(v1) = tanh(0) = 0.")
    lab.page.keyboard.press("[")
    expect(status).to_have_text("v1 = h + x = −0.5 + 0.5 = 0.")

    field = widget.get_by_label("value of x")
    field.fill("2")
    field.press("Enter")
    expect(status).to_have_text("v1 = h + x = −2 + 2 = 0.")
    field.fill("0.25")
    field.press("Enter")
    expect(status).to_have_text("v1 = h + x = −0.25 + 0.25 = 0.")
    lab.run(2)
    assert lab.text(2) == "(2, 0.25)"

    widget.get_by_role("button", name="Forward").focus()
    for _ in range(11):
        lab.page.keyboard.press("]")
    expect(status).to_contain_text("Paths meet")
    for theme in ("light", "dark"):
        lab.theme(theme)
        lab.page.wait_for_timeout(1000)
        lab.screenshot(f"graph-lab-{theme}", widget)
    widget.get_by_role("button", name="Last step").click()
    expect(widget.locator(".mdl-notice")).to_contain_text("your backward() and the nudge agree")
    assert lab.errors() == [] and lab.complaints == []


def test_arrows_move_in_the_graph_and_not_in_the_notebook(lab: Lab) -> None:
    lab.open(lab.write("arrows.ipynb", [ENGINE, SHOW, "1"])).run_all()
    widget = stepper(lab, 1)
    active = "return panel.content.activeCellIndex;"
    widget.locator(".mdl-node").first.focus()
    before = lab.ask(active)
    for key in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft"):
        lab.page.keyboard.press(key)
    assert lab.page.evaluate("document.activeElement.className").startswith("mdl-node")
    assert lab.ask(active) == before
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.type("7")
    lab.page.keyboard.press("Enter")
    expect(widget.locator(".mdl-node", has_text="7").first).to_be_visible()
    assert lab.outputs(2), "no cell was run anew, deleted or added"


def test_a_function_opens_in_a_network(lab: Lab) -> None:
    lab.open(lab.write("network.ipynb", ["from minidl_widgets import GraphStepper", NETWORK]))
    widget = stepper(lab.run_all(), 1)
    count = widget.locator(".mdl-node").count()
    widget.locator(".mdl-node", has_text="cross_entropy()").click()
    expect(widget.get_by_role("button", name="Fold cross_entropy()")).to_be_visible()
    assert widget.locator(".mdl-node").count() > count + 10
    widget.get_by_role("button", name="Last step").click()
    lab.page.wait_for_timeout(1000)
    lab.screenshot("graph-lab-network", widget)
    assert lab.errors() == [] and lab.complaints == []


def test_the_saved_notebook_keeps_a_picture_and_no_state(lab: Lab) -> None:
    lab.open(lab.write("saved.ipynb", [ENGINE, SHOW])).run_all()
    stepper(lab, 1)
    book = lab.saved()
    data = book.cells[1].outputs[0].data
    assert data["text/plain"] == ("GraphStepper: 8 nodes; result −2; gradients x 0, y 2.5")
    assert "<svg" in "".join(data["image/svg+xml"])
    assert sorted(data) == ["image/svg+xml", "text/plain"], "a view would be another kernel's"
    assert stepper(lab, 1).is_visible(), "saving changes nothing in the page"


def test_a_notebook_opened_another_day_shows_the_picture(lab: Lab) -> None:
    lab.open(lab.write("another-day.ipynb", [ENGINE, SHOW])).run_all()
    stepper(lab, 1)
    lab.ask("await panel.context.save();")
    lab.close()
    lab.open("another-day.ipynb", "dark")
    picture = lab.cell(1).locator(".jp-OutputArea-output img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 500
    lab.page.wait_for_timeout(300)
    lab.screenshot("graph-lab-another-day", lab.cell(1))
    assert "Error" not in lab.cell(1).inner_text()
    stepper(lab.run_all(), 1).get_by_role("button", name="Forward").click()
    assert lab.errors() == [] and lab.complaints == []
