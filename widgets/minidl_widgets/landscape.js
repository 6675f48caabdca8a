// The landscape race: the map, the ways up to a step, a start that is dragged or moved by keys.

const MARKS = ["M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z", "M-5-5h10v10h-10Z", "M0-6L6 5H-6Z", "M0-7L6 0L0 7L-6 0Z", "M-2-6h4v4h4v4h-4v4h-4v-4h-4v-4h4Z", "M0-7L2-2L7-2L3 1L5 7L0 3L-5 7L-3 1L-7-2L-2-2Z"];
const DASHES = ["", "8 4", "2 4", "10 3 2 3", "14 4", "4 2"];

function render({ model, el }) {
  let scene = model.get("scene");
  let step = Math.min(model.get("step"), scene.steps);
  let timer = null, waiting = false, next = null; // a question is out; what to ask when it is answered
  let place = [...scene.start];

  const [wide, tall] = scene.size;
  const land = draw("g", { class: "mdl-bands" });
  const ways = draw("g", {});
  const handle = draw("g", { class: "mdl-start", tabindex: 0, role: "button" }, draw("circle", { r: 9 }), draw("path", { d: "M-14 0H14M0-14V14" }));
  const map = draw("svg", { class: "mdl-map", viewBox: `0 0 ${wide} ${tall}`, role: "group", "aria-label": "Map of the surface: the stronger the colour, the lower" }, land, ways, handle);
  const say = make("p", { class: "mdl-say", role: "status" });
  const problem = make("p", { class: "mdl-notice" });
  const play = button("Play", "Play", () => (timer ? pause() : start()));
  const time = make("input", { type: "range", class: "mdl-time", min: 0, max: scene.steps, value: step, "aria-label": "step" });
  const count = make("span", { class: "mdl-count" });
  const bar = make("div", { class: "mdl-bar", role: "group", "aria-label": "Time" }, play, button("[", "Back", () => go(step - 1)), button("]", "Forward", () => go(step + 1)), time, count, button("Start again", "First start, first rates", () => ask({ type: "reset" })));
  const body = make("tbody", {});
  const table = make("table", { class: "mdl-plain mdl-racers" }, make("thead", {}, make("tr", {}, ["racer", "learning rate", "height"].map((text) => make("th", { scope: "col" }, text)))), body);
  const help = make("p", { class: "mdl-left" }, "Stronger colour is lower ground. Drag the ring, click on the map, or move the ring by the arrow keys (Shift: finely). [ and ] step.");
  const root = make("section", { class: "mdl mdl-board mdl-landscape", "aria-label": "Landscape race" }, bar, map, help, table, say, problem);
  el.replaceChildren(root);

  const [x0, x1, y0, y1] = scene.view;
  const at = ([x, y]) => [((x - x0) / (x1 - x0)) * wide, ((y1 - y) / (y1 - y0)) * tall];
  const inside = ([x, y]) => [Math.min(Math.max(x, x0), x1), Math.min(Math.max(y, y0), y1)];
  const short = (x) => String(Number(x.toPrecision(3))).replace("-", "−");
  const under = (event) => {
    const box = map.getBoundingClientRect();
    return inside([x0 + ((event.clientX - box.left) / box.width) * (x1 - x0), y1 - ((event.clientY - box.top) / box.height) * (y1 - y0)]);
  };

  /** One question at a time: while the kernel runs a race, only the latest wish is kept. */
  function ask(message) {
    if (waiting) return void (next = message);
    waiting = true;
    model.send(message);
  }

  function move(to, final) {
    place = inside(to);
    showStart();
    if (final || !waiting) ask({ type: "start", x: place[0], y: place[1] });
  }

  function showStart() {
    const [x, y] = at(place);
    handle.setAttribute("transform", `translate(${x} ${y})`);
    handle.setAttribute("aria-label", `Start at ${short(place[0])}, ${short(place[1])}: arrow keys move it`);
  }

  function answered() {
    scene = model.get("scene");
    waiting = false;
    if (next) {
      const message = next;
      next = null;
      ask(message);
    } else if (!dragging) place = [...scene.start];
    showStart();
    list();
    show();
  }

  function list() {
    const inField = body.contains(root.getRootNode().activeElement) ? root.getRootNode().activeElement.dataset.name : null;
    body.replaceChildren(...scene.ways.map((way, i) => {
      const sign = draw("svg", { class: `mdl-sign mdl-s${i % 6}`, viewBox: "-18 -9 36 18", "aria-hidden": "true" }, draw("path", { class: "mdl-way", d: "M-18 0H18", "stroke-dasharray": DASHES[i % 6] }), draw("path", { class: "mdl-racer", d: MARKS[i % 6] }));
      const field = make("input", { class: "mdl-field", type: "text", value: way.rate, autocomplete: "off", "aria-label": `learning rate of ${way.name}`, "data-name": way.name });
      whenEntered(field, (rate) => ask({ type: "rate", name: way.name, rate }));
      return make("tr", {}, make("th", { scope: "row" }, sign, " ", way.name), make("td", {}, way.rate === "" ? "—" : field), make("td", { class: "mdl-height" }));
    }));
    if (inField) [...body.querySelectorAll("input")].find((field) => field.dataset.name === inField)?.focus();
  }

  function show() {
    time.value = step;
    count.textContent = `step ${step} of ${scene.steps}`;
    ways.replaceChildren(...scene.ways.map((way, i) => {
      const points = way.points.slice(0, step + 1);
      if (!points.length) return draw("g", {});
      const [x, y] = points.at(-1);
      return draw("g", { class: `mdl-s${i % 6}` }, draw("polyline", { class: "mdl-halo", points: points.join(" ") }), draw("polyline", { class: "mdl-way", points: points.join(" "), "stroke-dasharray": DASHES[i % 6] }), draw("path", { class: "mdl-racer", d: MARKS[i % 6], transform: `translate(${x} ${y})` }));
    }));
    const now = scene.ways.map((way) => Math.min(step, way.heights.length - 1));
    [...body.querySelectorAll(".mdl-height")].forEach((cell, i) => (cell.textContent = scene.ways[i].texts[now[i]] ?? "—"));
    problem.textContent = scene.problem;
    if (!timer) say.textContent = sentence(now);
  }

  function sentence(now) {
    const there = scene.ways.map((way, i) => ({ way, height: way.heights[now[i]], text: way.texts[now[i]] })).filter(({ height, way }) => height !== undefined && way.heights.length > step);
    if (!there.length) return `Step ${step}: nobody is left.`;
    if (step === 0) return `All start at ${short(scene.start[0])}, ${short(scene.start[1])}, at height ${there[0].text}.`;
    const best = there.reduce((a, b) => (b.height < a.height ? b : a));
    return `After ${step} ${step === 1 ? "step" : "steps"} ${best.way.name} is lowest, at ${best.text}.`;
  }

  function go(to) {
    step = Math.min(Math.max(to, 0), scene.steps);
    show();
    model.set("step", step);
    if (!timer) model.save_changes();
  }

  function start() {
    if (calm()) return go(scene.steps);
    if (step >= scene.steps) step = 0;
    play.textContent = "Pause";
    play.setAttribute("aria-label", "Pause");
    timer = setInterval(() => (step >= scene.steps ? pause() : go(step + 1)), 90);
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-label", "Play");
    go(step);
  }

  let dragging = false;
  map.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    dragging = true;
    map.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    move(under(event), false);
  });
  map.addEventListener("pointermove", (event) => dragging && move(under(event), false));
  map.addEventListener("pointerup", (event) => {
    if (!dragging) return;
    dragging = false;
    move(under(event), true);
  });
  map.addEventListener("pointercancel", () => (dragging = false));
  handle.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own meaning for arrows
    const part = event.shiftKey ? 200 : 40;
    move([place[0] + (way[0] * (x1 - x0)) / part, place[1] + (way[1] * (y1 - y0)) / part], true);
  });
  root.addEventListener("keydown", (event) => {
    if (!["[", "]"].includes(event.key) || event.target.matches(".mdl-field")) return;
    event.preventDefault();
    event.stopPropagation();
    go(step + (event.key === "]" ? 1 : -1));
  });
  time.addEventListener("input", () => go(Number(time.value)));
  time.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());

  const deep = Math.max(scene.bands.length - 1, 1);
  land.replaceChildren(...scene.bands.map((d, i) => draw("path", { d, "fill-rule": "evenodd", "fill-opacity": (0.34 * (1 - i / deep)).toFixed(2) })));
  model.on("change:scene", answered);
  savePictures(model);
  showStart();
  list();
  show();
  return () => {
    clearInterval(timer);
    model.off("change:scene", answered);
  };
}

export default { render };
