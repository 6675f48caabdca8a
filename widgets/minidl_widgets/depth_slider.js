// The depth slider: a network's signals layer by layer, and depth by depth; a slider and switches ask for others.

function render({ model, el }) {
  let scene = model.get("scene");
  const wish = () => ({ depth: scene.depth, seed: scene.seed, chosen: Object.fromEntries(scene.switches.map((one) => [one.name, one.now])) });
  let wanted = wish(); // what the page asks for
  let waiting = false, late = false; // a question is out; the wish has changed since

  const say = make("p", { class: "mdl-say", role: "status" });
  const problem = make("p", { class: "mdl-notice" });
  const left = make("p", { class: "mdl-left" });
  const dice = make("p", { class: "mdl-key" });
  const slide = make("input", { type: "range", class: "mdl-slide", min: scene.range[0], max: scene.range[1], step: 1, "aria-label": "depth" });
  const count = make("span", { class: "mdl-key" });
  const other = button("Other dice", "Throw other dice", () => ask({ seed: wanted.seed + 1 }));
  const depths = make("div", { class: "mdl-row" }, make("span", { class: "mdl-key" }, "depth"), slide, count, other);
  const choices = scene.switches.map(({ name, values }) => {
    const press = (i) => ask({ chosen: { ...wanted.chosen, [name]: i } });
    const buttons = values.map((value, i) => make("button", { type: "button", class: "mdl-button", onclick: () => press(i) }, value));
    return make("div", { class: "mdl-row", role: "group", "aria-label": name }, make("span", { class: "mdl-key" }, name), buttons);
  });
  const layerwise = curvePlot(scene.size, "layer", "layer", () => scene.layers, () => tell(layerwise, depthwise));
  const depthwise = curvePlot(scene.size, "depth of the network", "depth", () => scene.depthwise, () => tell(depthwise, layerwise));
  const charts = [layerwise, depthwise].map((chart, i) => [make("p", { class: "mdl-title" }, ["Layer by layer", "Depth by depth"][i]), chart.plot, chart.legend]);
  const root = make("section", { class: "mdl mdl-board mdl-curved mdl-depths", "aria-label": "Depth slider" }, depths, choices, dice, problem, say, charts.flat(), left);
  el.replaceChildren(root);

  /** The place that was just pointed at, or else the one in the other chart, or else all. */
  function tell(first, second) {
    const chart = [first, second].find((one) => one.at !== null);
    if (chart) say.textContent = (chart === layerwise ? scene.layers : scene.depthwise).says[chart.at];
    else say.textContent = scene.problem ? "" : `${scene.said}. ${scene.told}`;
  }

  /** One question at a time: while the kernel measures, only the latest wish is kept. */
  function ask(change) {
    Object.assign(wanted, change);
    layerwise.at = depthwise.at = null;
    drawControls();
    if (waiting) return void (late = true);
    waiting = true;
    model.send({ type: "change", ...wanted });
  }

  function drawControls() {
    if (Number(slide.value) !== wanted.depth) slide.value = wanted.depth;
    slide.setAttribute("aria-valuetext", `depth ${wanted.depth}`);
    count.textContent = String(wanted.depth);
    scene.switches.forEach(({ name }, k) => choices[k].querySelectorAll("button").forEach((one, i) => one.setAttribute("aria-pressed", String(i === wanted.chosen[name]))));
  }

  function draws() {
    problem.textContent = scene.problem;
    left.textContent = scene.left;
    dice.textContent = `Dice ${scene.seed}.`;
    layerwise.show(layerwise.at);
    depthwise.show(depthwise.at);
  }

  function answered() {
    scene = model.get("scene");
    waiting = false;
    if (late) {
      late = false;
      ask({});
    } else wanted = wish();
    drawControls();
    draws();
  }

  slide.addEventListener("input", () => ask({ depth: Number(slide.value) }));
  slide.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());
  model.on("change:scene", answered);
  savePictures(model);
  drawControls();
  draws();
  return () => model.off("change:scene", answered);
}

export default { render };
