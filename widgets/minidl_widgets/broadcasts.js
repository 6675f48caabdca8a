// The broadcast explorer: two shapes under each other, a dimension at a step, then the numbers side by side.

function render({ model, el }) {
  let scene = model.get("scene");
  let step = model.get("step");
  let grids = [];
  let chosen = null; // the index of the result that is shown, as JSON

  const say = make("p", { class: "mdl-say", role: "status" });
  const problem = make("p", { class: "mdl-notice" });
  const rule = make("p", { class: "mdl-left" });
  const shapes = make("div", { class: "mdl-shapes" });
  const numbers = make("div", { class: "mdl-sides" });
  const back = button("Back", "Back, key [", () => show(step - 1));
  const next = button("Forward", "Forward, key ]", () => show(step + 1));
  const last = button("Last step", "Last step", () => show(Infinity));
  const count = make("span", { class: "mdl-count" });
  const fields = ["x", "y"].map((name, i) => asking(`shape of ${name}`, "2, 3", ask, text(scene.shapes[i])));
  const typed = fields.map(({ field }, i) => make("label", {}, make("span", {}, `shape of ${"xy"[i]}`), field));
  const bar = make("div", { class: "mdl-ways", role: "group", "aria-label": "Steps and shapes" }, back, next, last, count, typed, button("Try", "Try these shapes", ask));
  const root = make("section", { class: "mdl mdl-board mdl-arrays", "aria-label": "Broadcast explorer", onkeydown: keys }, bar, problem, shapes, say, numbers, rule);
  el.replaceChildren(root);

  function text(shape) {
    return shape.join(", ");
  }

  function ask() {
    const [x, y] = fields.map(({ field }) => field.value);
    model.send({ type: "shapes", x, y });
  }

  function show(to, save = true) {
    step = Math.max(0, Math.min(scene.steps.length - 1, to));
    if (save && step !== model.get("step")) {
      model.set("step", step);
      model.save_changes();
    }
    paint();
  }

  function answered() {
    scene = model.get("scene");
    step = Math.min(model.get("step"), scene.steps.length - 1);
    if (!scene.problem) fields.forEach(({ field }, i) => root.getRootNode().activeElement !== field && (field.value = text(scene.shapes[i])));
    build();
  }

  // -- the two shapes

  /** Which columns have been compared by this step, and which one is being compared. */
  const seen = (i) => scene.steps.slice(0, step + 1).some((one) => one.column === i);
  const now = (i) => scene.steps[step].column === i;

  function table() {
    const head = make("tr", {}, make("th", { scope: "col" }, make("span", { class: "mdl-hidden" }, "array")), scene.columns.map((_, i) => make("th", { scope: "col" }, `−${scene.columns.length - i}`)));
    const row = (name, sizes) => make("tr", {}, make("th", { scope: "row" }, name), sizes);
    const size = (which) => (column, i) => {
      const n = column.sizes[which];
      const other = column.sizes[1 - which];
      const stretched = seen(i) && column.state === "repeat" && (n ?? 1) === 1 && (other ?? 1) !== 1;
      const words = n === null ? (seen(i) ? "1" : "·") : String(n);
      const state = !seen(i) ? "" : column.state === "clash" ? "clash" : stretched ? "repeat" : "same";
      return make("td", { "data-state": state || null, "data-missing": n === null, "aria-current": now(i) ? "step" : null }, words, stretched ? make("span", { class: "mdl-key" }, ` → ${column.result}`) : "");
    };
    const result = (column, i) => make("td", { "data-state": !seen(i) ? null : column.state === "clash" ? "clash" : "result", "aria-current": now(i) ? "step" : null }, !seen(i) ? "" : column.state === "clash" ? "≠ do not fit" : String(column.result));
    const body = [row("x", scene.columns.map(size(0))), row("y", scene.columns.map(size(1))), row(`x ${scene.sign} y`, scene.columns.map(result))];
    const none = scene.columns.length ? null : make("p", { class: "mdl-key" }, "Two single numbers: there are no dimensions to compare.");
    return [make("table", {}, make("caption", { class: "mdl-hidden" }, "The shapes, laid side by side from the right"), make("thead", {}, head), make("tbody", {}, body)), none].filter(Boolean);
  }

  // -- the numbers

  function build() {
    const side = (title, i) => {
      const cell = (one) => ({ index: one.index, say: one.say, text: one.texts[i], kind: i < 2 && one.ghosts[i] ? "ghost" : "", label: `${title}: ${one.say}` });
      const blocks = scene.blocks.map((block) => ({ title: block.title, rows: block.rows.map((row) => row.map(cell)) }));
      const made = grid(title, blocks, (picked) => choose(picked));
      return { ...made, title };
    };
    grids = scene.common ? ["x", "y", `x ${scene.sign} y`].map(side) : [];
    const signs = ["", scene.sign, "="];
    numbers.replaceChildren(...grids.flatMap((one, i) => [i ? make("span", { class: "mdl-sign", "aria-hidden": "true" }, signs[i]) : null, make("div", {}, make("p", { class: "mdl-title" }, one.title), one.root)]).filter(Boolean));
    problem.textContent = scene.problem || scene.differs;
    chosen = null;
    paint();
  }

  function choose(cell) {
    chosen = JSON.stringify(cell.index);
    for (const { buttons, choose: hold } of grids) {
      for (const [one, element] of buttons) {
        const on = JSON.stringify(one.index) === chosen;
        if (on) element.setAttribute("aria-current", "true");
        else element.removeAttribute("aria-current");
        if (on) hold(one);
      }
    }
    say.textContent = cell.say;
  }

  function paint() {
    const ended = step === scene.steps.length - 1;
    shapes.replaceChildren(...table());
    numbers.hidden = !ended || !scene.common;
    say.textContent = scene.steps[step].say;
    rule.textContent = ended ? [scene.rule, scene.left].filter(Boolean).join(" ") : "";
    root.dataset.phase = ended ? (scene.common ? "done" : "stopped") : "forward";
    count.textContent = `${step} / ${scene.steps.length - 1}`;
    back.setAttribute("aria-disabled", String(step === 0));
    for (const one of [next, last]) one.setAttribute("aria-disabled", String(ended));
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
    const way = { "[": -1, "]": 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    show(step + way);
  }

  const stepped = () => show(model.get("step"), false);
  model.on("change:scene", answered);
  model.on("change:step", stepped);
  savePictures(model);
  build();
  return () => {
    model.off("change:scene", answered);
    model.off("change:step", stepped);
  };
}

export default { render };
