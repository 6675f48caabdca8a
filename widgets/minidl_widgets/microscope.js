// The Jacobian microscope: two tables of squares, the true one and the rules'; the input's numbers are typed.

const FEW = 10; // so many columns have room for numbers in their squares

function render({ model, el }) {
  let scene = model.get("scene");
  let chosen = null; // [row, column]
  let grids = [], fields = [], outputs = [];
  let waiting = false, next = null; // a question is out; the latest to ask when it is answered

  const say = make("p", { class: "mdl-say", role: "status" });
  const problem = make("p", { class: "mdl-notice" });
  const missing = make("p", { class: "mdl-notice" });
  const shape = make("p", { class: "mdl-left" });
  const verdict = make("p", { class: "mdl-verdict" });
  const numbers = make("div", { class: "mdl-numbers" });
  const tables = make("div", { class: "mdl-tables" });
  const list = make("ul", { class: "mdl-wrongs", "aria-label": "Wrong squares" });
  const root = make("section", { class: "mdl mdl-board mdl-arrays mdl-jacobian", "aria-label": "Jacobian microscope" }, numbers, problem, shape, say, tables, verdict, list, missing);
  el.replaceChildren(root);

  const focused = () => root.getRootNode().activeElement;
  const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);
  const short = (number) => String(Number(number.toPrecision(6))).replace("e-", "e−").replace(/^-/, "−");

  /** One question at a time: while the kernel works, only the latest wish is kept. */
  function ask(message) {
    if (waiting) return void (next = message);
    waiting = true;
    model.send(message);
  }

  // -- the numbers of the inputs and of the output

  const plain = (number) => String(Number(number.toPrecision(6)));
  const numberOf = (field) => (field.value === field.shown ? field.exact : field.value === "" ? null : Number(field.value));

  function send(which) {
    const all = fields.filter((field) => field.which === which).map(numberOf);
    if (all.every(Number.isFinite)) ask({ type: "numbers", input: which, numbers: all });
  }

  function field(input, i) {
    const one = make("input", { type: "number", step: "0.5", class: "mdl-field", "aria-label": input.labels[i], value: plain(input.numbers[i]) });
    Object.assign(one, { which: input.which, place: i, shown: plain(input.numbers[i]), exact: input.numbers[i] });
    one.addEventListener("input", () => send(input.which));
    one.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab must not hear what is typed
    return one;
  }

  function drawNumbers() {
    fields = [];
    const blocks = scene.inputs.map((input) => {
      const own = input.numbers.map((_, i) => field(input, i));
      fields.push(...own);
      const name = `${input.name} `;
      const title = scene.inputs.length > 1
        ? make("button", { type: "button", class: "mdl-button", "aria-pressed": String(input.which === scene.which), title: `The Jacobian by ${input.name}`, onclick: () => ask({ type: "look", input: input.which }) }, `by ${input.name}`)
        : make("span", { class: "mdl-title" }, name);
      const wide = Math.min(Math.max(1, input.wide), 8);
      return make("div", { class: "mdl-input" }, make("div", {}, title, make("span", { class: "mdl-key" }, ` ${input.shape}`)), make("div", { class: "mdl-fields", role: "group", "aria-label": `Numbers of ${input.name}`, style: `grid-template-columns: repeat(${wide}, 68px)` }, own));
    });
    outputs = scene.values.map((text) => make("span", { class: "mdl-value" }, text));
    const wide = Math.min(Math.max(1, scene.wide), 8);
    const output = outputs.length ? make("div", { class: "mdl-input" }, make("div", {}, make("span", { class: "mdl-title" }, scene.rows[0].replace(/\[.*/, "")), make("span", { class: "mdl-key" }, ` ${scene.shape}, the output`)), make("div", { class: "mdl-fields", style: `grid-template-columns: repeat(${wide}, 68px)` }, outputs)) : null;
    const arrow = outputs.length ? make("span", { class: "mdl-arrow" }, `→ ${scene.name} →`) : null;
    numbers.replaceChildren(...[...blocks, arrow, output].filter(Boolean));
  }

  /** The kernel's numbers into the fields; what is being typed is left alone. */
  function renewNumbers() {
    const known = new Map(scene.inputs.map((input) => [input.which, input]));
    for (const one of waiting ? [] : fields) { // the answer to what was typed last is still to come
      const number = known.get(one.which).numbers[one.place];
      if (numberOf(one) !== number && one !== focused()) one.value = plain(number);
      if (one.value === plain(number)) [one.shown, one.exact] = [one.value, number];
    }
    outputs.forEach((one, i) => (one.textContent = scene.values[i]));
    numbers.querySelectorAll("[aria-pressed]").forEach((one, i) => one.setAttribute("aria-pressed", String(scene.inputs[i].which === scene.which)));
  }

  // -- the two tables

  function words(text, state, sign, few, own) {
    if (own && state === "missing") return "–";
    const off = own && state === "wrong" ? "≠" : "";
    if (!few) return off || { plus: "+", minus: "−", zero: "" }[sign];
    return off || text !== "0" ? off + text : "";
  }

  function table(texts, signs, title, own) {
    const few = scene.columns.length <= FEW;
    const cell = (text, r, c) => {
      const state = scene.state[r][c];
      const told = own && state === "missing" ? "nothing" : text;
      const wrong = own && state === "wrong" ? ", wrong" : "";
      return { at: [r, c], text: words(text, state, signs[r][c], few, own), kind: wrong ? "differs" : "", label: `${scene.rows[r]} by ${scene.columns[c]}: ${told}${wrong}` };
    };
    const rows = texts.map((row, r) => row.map((text, c) => cell(text, r, c)));
    const made = grid(title, [{ title: "", rows }], (picked) => choose(...picked.at));
    for (const [one, element] of made.buttons) {
      const [r, c] = one.at;
      element.dataset.sign = signs[r][c];
      element.dataset.state = scene.state[r][c];
      if (c && c % currentInput().wide === 0) element.dataset.left = "";
      if (r && r % scene.wide === 0) element.dataset.top = "";
      for (const way of ["pointerenter", "focus"]) element.addEventListener(way, () => choose(r, c));
    }
    made.root.dataset.size = few ? "large" : "small";
    return { ...made, box: make("div", { class: "mdl-table" }, make("p", { class: "mdl-title" }, title), made.root) };
  }

  const currentInput = () => scene.inputs.find((input) => input.which === scene.which);

  function drawTables() {
    const at = grids.findIndex((one) => one.root.contains(focused()));
    grids = scene.rows.length ? [table(scene.true, scene.signs[0], "true, by nudging", false), table(scene.found, scene.signs[1], scene.by, true)] : [];
    const ways = scene.rows.length ? make("p", { class: "mdl-key mdl-ways" }, `A row for each number of ${scene.rows[0].replace(/\[.*/, "")}, a column for each number of ${currentInput().name}; empty squares are 0.`) : null;
    tables.replaceChildren(...grids.map((one) => one.box), ...[ways].filter(Boolean));
    if (chosen && scene.rows[chosen[0]] && scene.columns[chosen[1]]) choose(...chosen);
    else {
      chosen = null;
      say.textContent = scene.rows.length ? "Point at a square, or walk there with Tab and arrow keys." : scene.verdict;
    }
    if (at >= 0 && grids[at]) {
      const held = [...grids[at].buttons.values()].find((element) => element.tabIndex === 0);
      held?.focus();
    }
  }

  function choose(r, c) {
    chosen = [r, c];
    for (const { buttons, choose: hold } of grids) {
      for (const [one, element] of buttons) {
        const on = one.at[0] === r && one.at[1] === c;
        if (on) element.setAttribute("aria-current", "true"), hold(one);
        else element.removeAttribute("aria-current");
      }
    }
    for (const one of fields) one.toggleAttribute("data-lit", one.which === scene.which && one.place === c);
    outputs.forEach((one, i) => one.toggleAttribute("data-lit", i === r));
    say.textContent = sentence(r, c);
    say.dataset.state = scene.state[r][c];
  }

  function sentence(r, c) {
    const [z, x, state] = [scene.rows[r], scene.columns[c], scene.state[r][c]];
    const [t, f, who] = [scene.true[r][c], scene.found[r][c], capital(scene.short)];
    const [left, right] = scene.sides.map((side) => side[r][c]);
    const corner = left !== right;
    const truth = state === "unknown" ? `How ${z} answers to ${x} cannot be measured here: a nudge leads to no number.`
      : corner ? `${z} has a corner here: it answers by ${left} when ${x} goes down, and by ${right} when it goes up.`
      : t === "0" ? `${z} does not answer to ${x}: nudge ${x}, and ${z} stays.`
      : `${z} answers to ${x} by ${t}: nudge ${x} up by 0.01, and ${z} moves by ${short(0.01 * Number(t.replaceAll("−", "-")))}.`;
    const theirs = state === "missing" ? `${who} gives no answer.`
      : state === "wrong" ? `${who} says ${f}, which is off by ${scene.gap[r][c]}.`
      : corner ? `${who} says ${f}; all between is right.`
      : state === "unknown" ? `${who} says ${f}.`
      : `${who} says ${f} as well.`;
    return `${truth} ${theirs}`;
  }

  function told() {
    problem.textContent = scene.problem;
    missing.textContent = scene.missing;
    shape.textContent = scene.pattern;
    verdict.textContent = scene.rows.length ? scene.verdict : "";
    const wrong = scene.state.flatMap((row, r) => row.map((state, c) => [state, r, c])).filter(([state]) => state === "wrong");
    const lines = wrong.slice(0, 6).map(([, r, c]) => make("li", {}, `${scene.rows[r]} by ${scene.columns[c]}: true ${scene.true[r][c]}, ${scene.short} says ${scene.found[r][c]}, off by ${scene.gap[r][c]}`));
    if (wrong.length > 6) lines.push(make("li", {}, `and ${wrong.length - 6} more`));
    list.replaceChildren(...lines);
    list.hidden = !lines.length;
    root.dataset.phase = wrong.length || scene.missing ? "wrong" : "right";
  }

  function answered() {
    const before = fields.length + outputs.length;
    scene = model.get("scene");
    waiting = false;
    if (next) {
      const message = next;
      next = null;
      ask(message);
    }
    told();
    const count = scene.inputs.reduce((sum, input) => sum + input.numbers.length, 0) + scene.values.length;
    if (count === before) renewNumbers();
    else drawNumbers();
    drawTables();
  }

  model.on("change:scene", answered);
  savePictures(model);
  told();
  drawNumbers();
  drawTables();
  return () => model.off("change:scene", answered);
}

export default { render };
