// The parts of the graph stepper's page: buttons, a card, a line, the table of leaves, an array's numbers.
// Each is made from the scene's plain data; `graph.js` fills them with what a step shows.

const ICONS = {
  first: "M5 3v10M13 3 7 8l6 5",
  back: "M11 3 5 8l6 5",
  next: "M5 3l6 5-6 5",
  last: "M3 3l6 5-6 5M11 3v10",
  play: "M4 2.5 13 8l-9 5.5z",
  pause: "M5 3v10M11 3v10",
};

const icon = (name) => draw("svg", { viewBox: "0 0 16 16", class: "mdl-icon", "aria-hidden": "true" }, draw("path", { d: ICONS[name] }));

/** Buttons and the scrubber: where in the walk we are. */
function controls(go, play) {
  const button = (name, label, text, act) =>
    make("button", { type: "button", class: "mdl-button", "aria-label": label, title: label, onclick: act }, icon(name), text);
  const parts = {
    first: button("first", "First step", "", () => go(0)),
    back: button("back", "Back, key [", "Back", () => go(-1, true)),
    next: button("next", "Forward, key ]", "Forward", () => go(1, true)),
    last: button("last", "Last step", "", () => go(Infinity)),
    play: button("play", "Play", "", play),
    scrub: make("input", { type: "range", class: "mdl-scrub", min: 0, "aria-label": "Step", oninput: (event) => go(Number(event.target.value)) }),
    count: make("span", { class: "mdl-count" }),
  };
  parts.bar = make("div", { class: "mdl-bar", role: "group", "aria-label": "Steps" }, Object.values(parts));
  return parts;
}

/** One box: a real button, whose text is also what a screen reader says. */
function card(node) {
  const row = (key, text) => make("span", { class: `mdl-row mdl-${key}` }, make("span", { class: "mdl-key" }, text), " ", make("span", { class: "mdl-text" }));
  return make(
    "button",
    {
      type: "button",
      class: "mdl-node",
      tabindex: -1,
      "data-id": node.id,
      "data-kind": node.kind,
      title: node.path ? `Open: ${node.steps} operations inside` : node.leaf ? "Drag sideways, or press Enter, to change" : node.where || null,
      style: `left:${node.x}px;top:${node.y}px;width:${node.w}px;height:${node.h}px`,
    },
    make("span", { class: "mdl-head" }, make("span", { class: "mdl-name" }, node.name), " ", make("span", { class: "mdl-op" }, node.op || (node.kind === "value" ? "" : node.kind))),
    ...(node.kind === "constant" ? [] : [row("value", "value"), row("grad", "grad")]),
  );
}

/** One line: the edge, its arrow (forward at its end, backward at its start), its local derivative. */
function line(edge) {
  const [x0, y0] = edge.from, [x1, y1] = edge.to;
  return draw(
    "g",
    { class: "mdl-edge", "data-id": edge.id },
    draw("path", { class: "mdl-wire", d: edge.path }),
    draw("path", { class: "mdl-arrow mdl-to", d: `M${x1 - 7} ${y1 - 4}L${x1 - 1} ${y1}L${x1 - 7} ${y1 + 4}` }),
    draw("path", { class: "mdl-arrow mdl-from", d: `M${x0 + 8} ${y0 - 5}L${x0 + 1} ${y0}L${x0 + 8} ${y0 + 5}` }),
    draw("text", { class: "mdl-local", x: edge.at[0], y: edge.at[1], "text-anchor": "end" }, edge.local),
  );
}

/** The leaves: change a number, compare three ways to its gradient. */
function table(leaves, own, edit) {
  const fields = {};
  const asked = (key) => key === "paths" || leaves.some((leaf) => leaf[key]);
  const columns = [
    ["paths", "gradient", "what the paths in the picture add up to"],
    ["own", own, "what backward() itself found"],
    ["nudge", "nudge", "(f(x + h) − f(x − h)) / 2h"],
  ].filter(([key]) => asked(key));
  const row = (leaf) => {
    const field = make("input", { class: "mdl-field", type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", "aria-label": `value of ${leaf.name}`, value: leaf.value });
    const reach = Math.max(3, Math.ceil(2 * Math.abs(leaf.value ?? 0)));
    const slider = make("input", { type: "range", min: -reach, max: reach, step: reach / 60, "aria-label": `slide ${leaf.name}`, value: leaf.value });
    const cells = columns.map(([key]) => make("td", { class: `mdl-${key}` }));
    fields[leaf.name] = { field, slider, cells: Object.fromEntries(columns.map(([key], i) => [key, cells[i]])) };
    whenEntered(field, (text) => {
      const value = Number(text.trim().replace("−", "-").replace(",", "."));
      const wrong = text.trim() === "" || !Number.isFinite(value);
      field.setAttribute("aria-invalid", String(wrong));
      edit(leaf.name, value, wrong ? `“${text}” is not a number; write one such as 0.5.` : "");
    });
    slider.addEventListener("input", () => edit(leaf.name, Number(slider.value)));
    const input = leaf.editable ? make("td", {}, make("span", { class: "mdl-input" }, field, slider)) : make("td", {}, make("span", { class: "mdl-mono" }, leaf.text));
    return make("tr", {}, make("th", { scope: "row" }, leaf.name), input, cells);
  };
  const head = (text, title) => make("th", { scope: "col", title }, text);
  const body = leaves.map(row);
  const titles = [head("leaf"), head("value"), ...columns.map(([, text, title]) => head(text, title))];
  return { fields, table: make("table", { class: "mdl-leaves" }, make("caption", { class: "mdl-hidden" }, "The leaves and their gradients"), make("thead", {}, make("tr", {}, titles)), make("tbody", {}, body)) };
}

/** The side panel's numbers: a small array whole, of a larger one what can be said. */
function numbers(what, facts) {
  if (!facts?.table && !facts?.facts) return null;
  const cell = (text) => make("td", {}, text);
  const rows = facts.table
    ? facts.table.map((row) => make("tr", {}, row.map(cell)))
    : facts.facts.map(([key, text]) => make("tr", {}, make("th", { scope: "row" }, key), cell(text)));
  return make("div", { class: "mdl-numbers", "data-what": what, role: "group", "aria-label": `${what} in numbers` }, make("p", { class: "mdl-subtitle" }, what), make("table", {}, make("tbody", {}, rows)));
}
