// The signal board: sizes by depth as curves on a log scale; a slider for the first weights' scale.

function render({ model, el }) {
  let scene = model.get("scene");
  let shown = Object.keys(scene.views)[0];
  let wanted = { begin: scene.begin, scale: scene.scale, seed: scene.seed }; // what the page asks for
  let waiting = false, late = false; // a question is out; the wish has changed since

  const say = make("p", { class: "mdl-say", role: "status" });
  const problem = make("p", { class: "mdl-notice" });
  const left = make("p", { class: "mdl-left" });
  const begins = make("div", { class: "mdl-row", role: "group", "aria-label": "First weights" });
  const [least, most] = scene.range.map((end) => Math.round(100 * Math.log10(end)));
  const slide = make("input", { type: "range", class: "mdl-slide", min: least, max: most, step: 1, "aria-label": "scale of the first weights" });
  const field = make("input", { type: "text", inputmode: "decimal", class: "mdl-field", autocomplete: "off", "aria-label": "scale, typed" });
  const dice = button("Other dice", "Throw other dice", () => ask({ seed: wanted.seed + 1 }));
  const scales = make("div", { class: "mdl-row" }, make("span", { class: "mdl-key" }, "weights ×"), slide, field, button("× 1", "Scale 1", () => ask({ scale: 1 })), dice);
  const ways = make("div", { class: "mdl-row", role: "group", "aria-label": "Which parts are drawn" });
  const chart = curvePlot(scene.size, "depth", "layer", () => view(), tell);
  const whose = make("p", { class: "mdl-key" });
  const root = make("section", { class: "mdl mdl-board mdl-curved mdl-signals", "aria-label": "Signal board" }, begins, scales, whose, problem, say, chart.plot, chart.legend, ways, left);
  el.replaceChildren(root);

  const short = (number) => String(Number(number.toPrecision(3)));
  const view = () => scene.views[shown];

  /** One question at a time: while the kernel measures, only the latest wish is kept. */
  function ask(change) {
    Object.assign(wanted, change);
    chart.at = null;
    drawControls();
    if (waiting) return void (late = true);
    waiting = true;
    model.send({ type: "begin", ...wanted });
  }

  function drawControls() {
    const place = Math.round(100 * Math.log10(wanted.scale));
    if (Number(slide.value) !== place) slide.value = place;
    slide.setAttribute("aria-valuetext", `times ${short(wanted.scale)}`);
    if (root.getRootNode().activeElement !== field) field.value = short(wanted.scale);
    [...begins.children].forEach((one) => one.setAttribute("aria-pressed", String(one.textContent === wanted.begin)));
  }

  function tell() {
    if (chart.at !== null) say.textContent = view().says[chart.at];
    else say.textContent = scene.problem ? "" : `${scene.said}. ${view().story}`;
  }

  function draws() {
    problem.textContent = scene.problem;
    left.textContent = scene.left;
    whose.textContent = [scene.whose && `First weights ${scene.whose}.`, `Dice ${scene.seed}.`].filter(Boolean).join(" ");
    chart.show(chart.at);
  }

  function answered() {
    scene = model.get("scene");
    waiting = false;
    if (late) {
      late = false;
      ask({});
    } else wanted = { begin: scene.begin, scale: scene.scale, seed: scene.seed };
    drawControls();
    draws();
  }

  slide.addEventListener("input", () => ask({ scale: Number((10 ** (Number(slide.value) / 100)).toPrecision(4)) }));
  slide.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());
  whenEntered(field, (text) => {
    const scale = Number(text.replace(",", "."));
    if (text.trim() !== "" && Number.isFinite(scale)) ask({ scale });
    else field.value = short(wanted.scale);
  });
  begins.replaceChildren(...scene.begins.map((name) => make("button", { type: "button", class: "mdl-button", onclick: () => ask({ begin: name }) }, name)));
  ways.replaceChildren(...Object.keys(scene.views).map((name) => make("button", { type: "button", class: "mdl-button", "aria-pressed": String(name === shown), onclick: () => {
    shown = name;
    [...ways.children].forEach((one) => one.setAttribute("aria-pressed", String(one.textContent === shown)));
    chart.show(null);
  } }, name)));
  model.on("change:scene", answered);
  savePictures(model);
  drawControls();
  draws();
  return () => model.off("change:scene", answered);
}

export default { render };
