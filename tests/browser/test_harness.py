"""The harness itself: a notebook answers, a widget speaks with its fake kernel, faults are seen."""

from __future__ import annotations

from collections.abc import Callable

from .lab import Lab
from .widget import WidgetPage

COUNTER = """
export default { render({ model, el }) {
  const button = document.createElement('button');
  const show = () => { button.textContent = `count ${model.get('count')}`; };
  button.onclick = () => {
    model.set('count', model.get('count') + 1);
    model.save_changes();
    model.send({ type: 'hit' });
  };
  model.on('change:count', show);
  model.on('msg:custom', content => { button.title = content.word; });
  show();
  el.appendChild(button);
  return () => model.off('change:count', show);
} };
"""


def test_a_notebook_runs_in_jupyterlab(lab: Lab) -> None:
    lab.open(lab.write("sum.ipynb", ["2 + 2", "print('seen')", "1 / 0"])).run_all()
    assert lab.text(0) == "4"
    assert lab.text(1) == "seen\n"
    assert lab.errors() == [(2, "ZeroDivisionError", "division by zero")]
    assert lab.cell(0).locator(".jp-OutputArea-output").inner_text() == "4"


def test_both_themes_and_a_restart(lab: Lab) -> None:
    lab.open(lab.write("theme.ipynb", ["x = 1", "x"])).run_all()
    paper = "getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor"
    light = lab.page.evaluate(paper)
    lab.theme("dark")
    assert lab.page.evaluate(paper) != light
    assert lab.screenshot("harness-dark").stat().st_size > 1000
    lab.restart().run(1)
    assert lab.errors() == [(1, "NameError", "name 'x' is not defined")]


def test_a_widget_and_its_fake_kernel(widget_page: Callable[..., WidgetPage]) -> None:
    widget = widget_page(esm=COUNTER, css="button { color: black; background: white }", count=1)
    button = widget.root.get_by_role("button")
    button.click()
    assert button.inner_text() == "count 2"
    assert widget.saved == [{"count": 2}]
    assert widget.sent == [{"type": "hit"}]
    assert widget.wait_sent(type="hit") == {"type": "hit"}
    assert widget.sent == []
    widget.set(count=7)
    assert (button.inner_text(), widget.get("count")) == ("count 7", 7)
    widget.deliver({"word": "hello"})
    assert button.get_attribute("title") == "hello"
    assert widget.violations() == []
    assert widget.dispose() == 1, "the counter forgets one of its two listeners"
    assert widget.complaints == []


def test_the_harness_sees_what_is_wrong(widget_page: Callable[..., WidgetPage]) -> None:
    image = '<img src="http://cdn.invalid/a.png">'
    esm = f"export default {{ render({{ el }}) {{ el.innerHTML = '{image}'; }} }};"
    widget = widget_page(esm=esm, theme="dark")
    widget.page.wait_for_load_state("networkidle")
    assert widget.strays == ["http://cdn.invalid/a.png"]
    assert any(line.startswith("image-alt") for line in widget.violations())
