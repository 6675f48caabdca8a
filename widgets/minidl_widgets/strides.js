// The stride explorer: the array as one reads it, its buffer below, and a line from a number to its place.

function render({ model, el }) {
  let scene = model.get("scene");
  let chosen = null; // the index that is shown, as JSON
  let above = null, below = null; // the two grids

  const say = make("p", { class: "mdl-say", role: "status" });
  const facts = make("p", { class: "mdl-facts" });
  const problem = make("p", { class: "mdl-notice" });
  const left = make("p", { class: "mdl-left" });
  const array = make("div", { class: "mdl-array" });
  const buffer = make("div", { class: "mdl-buffer" });
  const wires = draw("svg", { class: "mdl-wires", "aria-hidden": "true" });
  const sheet = make("div", { class: "mdl-sheet" }, wires, array, buffer);
  const send = (message) => model.send(message);
  const fields = {};
  const ways = Object.entries(scene.examples).map(([way, example]) => {
    const { field } = (fields[way] = asking(way, example, (text) => send({ type: "change", way, text })));
    return make("label", {}, make("span", {}, way), field);
  });
  const undo = make("button", { type: "button", class: "mdl-button", onclick: () => send({ type: "undo" }) }, "Undo");
  const reset = make("button", { type: "button", class: "mdl-button", onclick: () => send({ type: "reset" }) }, "Start again");
  const form = make("div", { class: "mdl-ways", role: "group", "aria-label": "Change the window: type and press Enter" }, ways, undo, reset);
  const root = make("section", { class: "mdl mdl-board mdl-arrays", "aria-label": "Stride explorer" }, form, problem, facts, sheet, say, left);
  el.replaceChildren(root);

  const cells = () => scene.blocks.flatMap((block) => block.rows.flat());
  const key = (cell) => JSON.stringify(cell.index);

  function answered() {
    const before = scene.chain.join("");
    const inside = root.contains(root.getRootNode().activeElement) && root.getRootNode().activeElement.matches(".mdl-cell");
    scene = model.get("scene");
    if (scene.chain.join("") !== before) for (const { field } of Object.values(fields)) field.value = "";
    build();
    if (inside) above.root.querySelector("[tabindex='0']")?.focus();
  }

  function build() {
    const blocks = scene.blocks.map(({ title, rows }) => ({ title, rows: rows.map((row) => row.map((cell) => Object.assign(cell, { label: cell.say }))) }));
    above = grid(`${scene.chain.join("")} as one reads it`, blocks, (cell) => choose(cell));
    const place = (cell) => Object.assign(cell, { kind: cell.read ? "" : "unread", label: `place ${cell.place} holds ${cell.text}, ${readings(cell.read)}` });
    below = grid("The buffer", [{ title: "", rows: [scene.buffer.map(place)] }], (cell) => choosePlace(cell));
    for (const [cell, button] of below.buttons) button.append(make("span", { class: "mdl-place", "aria-hidden": "true" }, cell.place), cell.read > 1 ? make("span", { class: "mdl-times", "aria-hidden": "true" }, `×${cell.read}`) : "");
    array.replaceChildren(make("p", { class: "mdl-title" }, scene.chain.map((words, i) => make("code", { class: i ? "mdl-link" : "" }, words))), above.root);
    buffer.replaceChildren(make("p", { class: "mdl-title" }, "buffer ", make("span", { class: "mdl-key" }, `${scene.size.toLocaleString("en")} numbers of dtype ${scene.dtype}`)), below.root);
    const rows = [["shape", tuple(scene.shape)], ["strides", tuple(scene.strides)], ["offset", scene.offset], ["memory", scene.memory], ["made by", scene.whose === "yours" ? "your class" : scene.whose.replace("'s", "")]];
    facts.replaceChildren(...rows.filter(([, text]) => text !== "").map(([name, text]) => make("span", {}, make("span", { class: "mdl-key" }, name), " ", make("b", {}, String(text)))));
    problem.textContent = scene.problem || scene.differs;
    left.textContent = scene.left;
    undo.setAttribute("aria-disabled", String(scene.chain.length < 2));
    reset.setAttribute("aria-disabled", String(scene.chain.length < 2));
    const same = cells().find((cell) => key(cell) === chosen) ?? cells()[0];
    if (same) choose(same);
    else {
      say.textContent = "There are no numbers here: one of the sizes is 0.";
      wires.replaceChildren();
    }
  }

  const tuple = (numbers) => (numbers.length === 1 ? `(${numbers[0]},)` : `(${numbers.join(", ")})`);
  const readings = (n) => (n === 0 ? "read by no index that is drawn" : n === 1 ? "read once" : `read ${n} times`);

  /** Show one number: its place, the others that are read from there, and the sum. */
  function choose(cell) {
    chosen = key(cell);
    above.choose(cell);
    const place = scene.buffer.find((one) => one.place === cell.place);
    if (place) below.choose(place);
    const twins = cells().filter((one) => one.place === cell.place).length;
    say.textContent = cell.say + (twins > 1 ? ` ${twins} numbers are read from this place.` : "");
    for (const [one, button] of above.buttons) mark(button, one === cell, one.place === cell.place);
    for (const [one, button] of below.buttons) mark(button, one === place, false);
    line(above.buttons.get(cell), below.buttons.get(place));
  }

  /** A place was chosen: show the first index that reads it. */
  function choosePlace(place) {
    const cell = cells().find((one) => one.place === place.place);
    if (cell) return choose(cell);
    below.choose(place);
    for (const button of above.buttons.values()) mark(button, false, false);
    for (const [one, button] of below.buttons) mark(button, one === place, false);
    say.textContent = `Place ${place.place} holds ${place.text}, and is read by no index that is drawn.`;
    wires.replaceChildren();
  }

  function mark(button, on, twin) {
    if (on) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    button.classList.toggle("mdl-twin", twin && !on);
  }

  /** From the number down to its place. */
  function line(from, to) {
    if (!from || !to) return wires.replaceChildren();
    const base = sheet.getBoundingClientRect(), a = from.getBoundingClientRect(), b = to.getBoundingClientRect();
    const [x0, y0, x1, y1] = [a.left + a.width / 2 - base.left, a.bottom - base.top, b.left + b.width / 2 - base.left, b.top - base.top];
    const bend = Math.max(12, (y1 - y0) / 2);
    wires.setAttribute("viewBox", `0 0 ${base.width} ${base.height}`);
    return wires.replaceChildren(draw("path", { class: "mdl-wire", d: `M${x0} ${y0}C${x0} ${y0 + bend} ${x1} ${y1 - bend} ${x1} ${y1}` }), draw("path", { class: "mdl-wire", d: `M${x1 - 4} ${y1 - 7}L${x1} ${y1 - 1}L${x1 + 4} ${y1 - 7}` }));
  }

  const again = () => {
    const cell = cells().find((one) => key(one) === chosen);
    if (cell) line(above.buttons.get(cell), below.buttons.get(scene.buffer.find((one) => one.place === cell.place)));
  };
  model.on("change:scene", answered);
  savePictures(model);
  build();
  const widths = new ResizeObserver(again);
  widths.observe(sheet);
  return () => {
    widths.disconnect();
    model.off("change:scene", answered);
  };
}

export default { render };
