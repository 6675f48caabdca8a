// The symptom panel: what ails a network, the worst first, and two hands: look again, take a step.

const SIGNS = { 0: "M-7 0L-2 5L7-6", 1: "M0-7a7 7 0 1 0 0.01 0Z", 2: "M0-8L8 6H-8Z", 3: "M-3-8H3L8-3V3L3 8H-3L-8 3V-3Z" };
const KEYS = { e: { type: "examine" }, "]": { type: "step", count: 1 } };

function render({ model, el }) {
  let waiting = false;
  const say = make("p", { class: "mdl-say", role: "status" });
  const notice = make("p", { class: "mdl-notice" });
  const look = button("Examine", "Examine again", () => ask({ type: "examine" }));
  const one = button("Step", "Take one step", () => ask({ type: "step", count: 1 }));
  const ten = button("10 steps", "Take ten steps", () => ask({ type: "step", count: 10 }));
  const back = button("Start again", "Back to how it came", () => ask({ type: "reset" }));
  const bar = make("div", { class: "mdl-bar", role: "group", "aria-label": "Examination" }, look, one, ten, back);
  const ill = make("ol", { class: "mdl-ill", "aria-label": "Symptoms" });
  const healthy = fold("Healthy");
  const missing = fold("Not examined");
  const layers = fold("Part by part");
  const body = make("tbody", {});
  const heads = ["part", "signal", "", "zeros", "gradient", "moved"];
  layers.inside.append(
    make(
      "table",
      { class: "mdl-plain mdl-parts" },
      make("caption", { class: "mdl-key" }, "Size of the signal and of its gradient (root of the mean square), and how far a step moves the dials"),
      make("thead", {}, make("tr", {}, heads.map((text) => (text ? make("th", { scope: "col" }, text) : make("td", {}))))),
      body,
    ),
  );
  const help = make("p", { class: "mdl-left" }, "e examines again, ] takes a step. Twins are examined; only the steps change the model.");
  const root = make("section", { class: "mdl mdl-board mdl-symptoms", "aria-label": "Symptom panel" }, bar, say, notice, ill, healthy.root, missing.root, layers.root, help);
  el.replaceChildren(root);

  function fold(title) {
    const count = make("span", { class: "mdl-key" });
    const inside = make("div", {});
    return { root: make("details", {}, make("summary", {}, title, " ", count), inside), count, inside };
  }

  /** One question at a time; the buttons stay in reach, so that the focus is not lost. */
  function ask(message) {
    if (waiting || (message.type === "step" && !model.get("scene").can_step)) return;
    waiting = true;
    root.setAttribute("aria-busy", "true");
    model.send(message);
  }

  function sign(grade) {
    return draw("svg", { class: `mdl-sign mdl-g${grade}`, viewBox: "-10 -10 20 20", "aria-hidden": "true" }, draw("path", { d: SIGNS[grade] }));
  }

  /** Words between backticks are code. */
  function told(text) {
    return text.split("`").map((piece, i) => (i % 2 ? make("code", {}, piece) : piece));
  }

  function card(finding) {
    return make(
      "li",
      { class: `mdl-symptom mdl-g${finding.grade}` },
      sign(finding.grade),
      make(
        "div",
        {},
        make("p", { class: "mdl-title" }, finding.ailment, " ", make("span", { class: "mdl-word" }, finding.word), finding.new ? make("span", { class: "mdl-word" }, "new") : null),
        make("p", {}, finding.place ? make("span", { class: "mdl-place" }, finding.place) : null, finding.place ? ": " : null, make("strong", {}, told(finding.measured))),
        finding.limit ? make("p", { class: "mdl-key" }, "limit: ", finding.limit) : null,
        finding.means ? make("p", {}, told(finding.means)) : null,
      ),
    );
  }

  function row(finding) {
    const words = finding.grade === null ? finding.means : `${finding.place ? `${finding.place}: ` : ""}${finding.measured}`;
    return make("li", {}, finding.grade === null ? null : sign(0), finding.ailment ? make("span", { class: "mdl-name" }, finding.ailment, " ") : null, make("span", { class: "mdl-key" }, told(words)));
  }

  function bar_of(level) {
    return draw("svg", { class: "mdl-level", viewBox: "0 0 80 10", "aria-hidden": "true" }, draw("path", { class: "mdl-middle", d: "M40 0V10" }), draw("rect", { x: Math.min(40, 80 * level), y: 2, width: Math.max(1, Math.abs(80 * level - 40)), height: 6 }));
  }

  function layer(part) {
    const cells = [part.signal, bar_of(part.level), part.zeros, part.gradient || "—", part.moved || "—"];
    return make("tr", {}, make("th", { scope: "row" }, part.name), cells.map((cell) => make("td", {}, cell)));
  }

  function fill(part, items, list) {
    part.count.textContent = `(${items.length})`;
    part.root.hidden = !items.length;
    list.replaceChildren(...items);
  }

  const lists = [healthy, missing].map((part) => {
    const list = make("ul", { class: "mdl-rows" });
    part.inside.append(list);
    return list;
  });

  function show() {
    const scene = model.get("scene");
    waiting = false;
    root.removeAttribute("aria-busy");
    for (const hand of [one, ten]) {
      if (scene.can_step) hand.removeAttribute("aria-disabled");
      else hand.setAttribute("aria-disabled", "true");
    }
    say.textContent = scene.said;
    notice.textContent = scene.problem;
    ill.hidden = !scene.ill.length;
    ill.replaceChildren(...scene.ill.map(card));
    fill(healthy, scene.healthy.map(row), lists[0]);
    fill(missing, scene.missing.map(row), lists[1]);
    fill(layers, scene.layers.map(layer), body);
  }

  root.addEventListener("keydown", (event) => {
    const message = KEYS[event.key];
    if (!message || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own meaning for letters
    ask(message);
  });

  model.on("change:scene", show);
  savePictures(model);
  show();
  return () => model.off("change:scene", show);
}

export default { render };
