// The signal board: sizes by depth as curves on a log scale; a slider for the first weights' scale.

const DASHES = ["", "7 4", "2 4"];
const DOTS = ["M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0Z", "M0-4.5L4 3.5H-4Z", "M-3.5-3.5h7v7h-7Z"];
const EDGES = { up: "M0-6L4 0H-4Z", down: "M0 6L4 0H-4Z", gone: "M-4-4L4 4M4-4L-4 4" };

function render({ model, el }) {
  let scene = model.get("scene");
  let shown = Object.keys(scene.views)[0];
  let chosen = null; // the layer that is told of
  let wanted = { begin: scene.begin, scale: scene.scale, seed: scene.seed }; // what the page asks for
  let waiting = false, late = false; // a question is out; the wish has changed since

  const [wide, tall] = scene.size;
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
  const sheet = draw("svg", { class: "mdl-curves", viewBox: `0 0 ${wide} ${tall}`, "aria-hidden": "true" });
  const plot = make("button", { type: "button", class: "mdl-plot" }, sheet);
  const legend = make("p", { class: "mdl-legend" });
  const whose = make("p", { class: "mdl-key" });
  const root = make("section", { class: "mdl mdl-board mdl-signals", "aria-label": "Signal board" }, begins, scales, whose, problem, say, plot, legend, ways, left);
  el.replaceChildren(root);

  const short = (number) => String(Number(number.toPrecision(3)));
  const view = () => scene.views[shown];

  /** One question at a time: while the kernel measures, only the latest wish is kept. */
  function ask(change) {
    Object.assign(wanted, change);
    chosen = null;
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

  function drawCurves() {
    const { series, ticks, labels, xs, says } = view();
    const low = tall - 40;
    const lines = ticks.map((tick) => [draw("path", { class: tick.one ? "mdl-one" : "mdl-rule", d: `M58 ${tick.y}H${wide - 18}` }), draw("text", { x: 50, y: tick.y + 4, "text-anchor": "end" }, tick.text)]);
    const names = labels.map((label) => draw("text", { x: label.x, y: low + 17, "text-anchor": "middle" }, label.text));
    const depth = draw("text", { x: (58 + wide) / 2, y: low + 34, "text-anchor": "middle" }, "depth");
    const curves = series.map((one, i) => draw("g", { class: `mdl-s${i}` }, draw("polyline", { points: one.points.map(([x, y]) => `${x},${y}`).join(" "), "stroke-dasharray": DASHES[i] }), one.points.map(([x, y, edge]) => draw("path", { class: edge ? "mdl-edge" : "mdl-dot", d: EDGES[edge] ?? DOTS[i], transform: `translate(${x} ${y})` }))));
    const here = chosen === null ? null : draw("path", { class: "mdl-here", d: `M${xs[chosen]} 10V${low}` });
    sheet.replaceChildren(...lines.flat(), ...names, depth, ...[here].filter(Boolean), ...curves);
    plot.setAttribute("aria-label", `${series.map((one) => one.name).join(", ")} at ${xs.length} depths: arrow keys go from layer to layer`);
    if (chosen !== null) say.textContent = says[chosen];
    else say.textContent = scene.problem ? "" : `${scene.said}. ${view().story}`;
  }

  function choose(i) {
    if (!view().xs.length) return;
    chosen = Math.max(0, Math.min(view().xs.length - 1, i));
    drawCurves();
  }

  function nearest(event) {
    const box = sheet.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * wide;
    return view().xs.reduce((best, at, i, xs) => (Math.abs(at - x) < Math.abs(xs[best] - x) ? i : best), 0);
  }

  function draws() {
    problem.textContent = scene.problem;
    left.textContent = scene.left;
    whose.textContent = [scene.whose && `First weights ${scene.whose}.`, `Dice ${scene.seed}.`].filter(Boolean).join(" ");
    if (chosen !== null && chosen >= view().xs.length) chosen = null;
    drawCurves();
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
  plot.addEventListener("pointermove", (event) => choose(nearest(event)));
  plot.addEventListener("pointerleave", () => {
    if (root.getRootNode().activeElement === plot) return;
    chosen = null;
    drawCurves();
  });
  plot.addEventListener("click", (event) => event.detail && choose(nearest(event)));
  plot.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const end = view().xs.length - 1;
    const next = { ArrowLeft: (chosen ?? 1) - 1, ArrowRight: (chosen ?? -1) + 1, Home: 0, End: end }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own meaning for these keys
    choose(next);
  });

  begins.replaceChildren(...scene.begins.map((name) => make("button", { type: "button", class: "mdl-button", onclick: () => ask({ begin: name }) }, name)));
  ways.replaceChildren(...Object.keys(scene.views).map((name) => make("button", { type: "button", class: "mdl-button", "aria-pressed": String(name === shown), onclick: () => {
    [shown, chosen] = [name, null];
    [...ways.children].forEach((one) => one.setAttribute("aria-pressed", String(one.textContent === shown)));
    drawCurves();
  } }, name)));
  legend.replaceChildren(...view().series.map((one, i) => make("span", {}, draw("svg", { class: `mdl-sign mdl-s${i}`, viewBox: "-18 -8 36 16", "aria-hidden": "true" }, draw("path", { class: "mdl-line", d: "M-18 0H18", "stroke-dasharray": DASHES[i] }), draw("path", { class: "mdl-dot", d: DOTS[i] })), ` ${one.name} `)));
  model.on("change:scene", answered);
  savePictures(model);
  drawControls();
  draws();
  return () => model.off("change:scene", answered);
}

export default { render };
