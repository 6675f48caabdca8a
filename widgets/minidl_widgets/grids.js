// Grids of numbers for the explorers: cells are buttons, arrow keys walk from cell to cell.

/** One or several blocks of cells. `blocks`: [{title, rows: [[cell]]}], a cell {text, label, kind}.
    `pick(cell, how)` hears which cell was chosen: "click" or "focus". Returns {root, buttons, choose}. */
function grid(label, blocks, pick) {
  const buttons = new Map(); // cell -> its button
  const places = []; // [block, row, column] -> cell
  const one = (cell, b, r, c) => {
    const button = make("button", { type: "button", class: "mdl-cell", tabindex: -1, "data-kind": cell.kind || null, "aria-label": cell.label, onclick: () => pick(cell, "click") }, cell.text);
    button.addEventListener("keydown", (event) => walk(event, b, r, c));
    buttons.set(cell, button);
    ((places[b] ??= [])[r] ??= [])[c] = cell;
    return button;
  };
  const row = (cells, b, r) => make("div", { class: "mdl-cells" }, cells.map((cell, c) => one(cell, b, r, c)));
  const block = ({ title, rows }, b) => make("div", { class: "mdl-block" }, title ? make("div", { class: "mdl-key" }, title) : null, rows.map((cells, r) => row(cells, b, r)));
  const root = make("div", { class: "mdl-grid", role: "group", "aria-label": `${label}: arrow keys move` }, blocks.map(block));
  if (!buttons.size) root.append(make("span", { class: "mdl-key" }, "no numbers"));
  let holder = buttons.values().next().value;
  if (holder) holder.tabIndex = 0;

  /** Gives the tab stop to a cell's button. */
  function choose(cell) {
    const button = buttons.get(cell);
    if (!button) return null;
    holder.tabIndex = -1;
    holder = button;
    holder.tabIndex = 0;
    return button;
  }

  function walk(event, b, r, c) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own meaning for arrows
    const [down, right] = way;
    const next = right ? sideways(b, r, c, right) : (places[b][r + down] ?? places[b + down]?.at(down > 0 ? 0 : -1))?.[c];
    if (!next) return;
    choose(next).focus();
    pick(next, "focus");
  }

  /** Along the row, and on to the next row at its end: in the order of reading. */
  function sideways(b, r, c, right) {
    const inRow = places[b][r][c + right];
    if (inRow) return inRow;
    const row = places[b][r + right] ?? places[b + right]?.at(right > 0 ? 0 : -1);
    return row?.at(right > 0 ? 0 : -1);
  }

  return { root, buttons, choose };
}

/** A field with its label, which sends what is typed when Enter is pressed or the button clicked. */
function asking(name, example, send, value = "") {
  const field = make("input", { class: "mdl-field", type: "text", autocomplete: "off", spellcheck: "false", placeholder: example, value, "aria-label": name });
  const answer = () => field.value.trim() !== "" && send(field.value);
  field.addEventListener("keydown", (event) => {
    event.stopPropagation(); // JupyterLab's own shortcuts must not hear what is typed here
    if (event.key === "Enter") {
      event.preventDefault();
      answer();
    }
  });
  return { field, answer };
}
