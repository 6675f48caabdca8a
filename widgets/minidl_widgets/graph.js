// The graph stepper: draws the scene that Python laid out and shows the step that was asked for.
//
// A step lists only which texts change, so the page at step k is the sum of steps 0 to k, forward or back.
// Commands go to the kernel as messages ("edit", "unfold", "fold"); a new `scene` is its answer.

const PLAY = 1100; // milliseconds to read one step
const PATIENCE = 3000; // milliseconds without an answer before a next edit is sent all the same
const DRAG = 0.02; // how much a leaf changes for one pixel
const SMALLEST = 0.8; // a graph that fits into the page at this size or larger is drawn so; a wider one scrolls

const PHASES = { ready: "ready", forward: "forward", seed: "backward", backward: "backward", done: "done", stopped: "stopped" };

/** Every text on the cards after step k. */
function cards(steps, k) {
  const values = {}, grads = {};
  for (const step of steps.slice(0, k + 1)) {
    Object.assign(values, step.values);
    Object.assign(grads, step.grads);
  }
  return { values, grads };
}

function render({ model, el }) {
  let scene = model.get("scene");
  let step = model.get("step");
  let shape = "";
  let chosen = null; // the card that holds the tab stop
  let looked = null; // the card that the panel describes, if the reader chose one
  let timer = null;
  let waiting = 0;
  let queued = null;
  let complaint = "";
  let size = 1;
  const nodes = {}, edges = {};

  const bar = controls(move, play);
  const say = make("p", { class: "mdl-say", role: "status" });
  const notice = make("p", { class: "mdl-notice" });
  const wires = draw("svg", { class: "mdl-wires", "aria-hidden": "true" });
  const pills = make("div", { "aria-hidden": "true" });
  const sheet = make("div", { class: "mdl-sheet" }, wires);
  const view = make("div", { class: "mdl-view", role: "group", "aria-label": "Graph: arrow keys follow the edges" }, sheet);
  const modules = make("div", { class: "mdl-modules" });
  const under = make("div", { class: "mdl-under" });
  const panel = make("div", { class: "mdl-panel", role: "group", "aria-label": "The chosen value" });
  const root = make("section", { class: "mdl mdl-board mdl-graph", "aria-label": "Graph stepper", onkeydown: keys }, bar.bar, say, modules, view, notice, under);
  let leaves = { fields: {} };
  el.replaceChildren(root);

  // -- where we are

  function move(to, relative = false) {
    pause();
    show(relative ? step + to : to);
  }

  function show(to, save = true) {
    const next = Math.max(0, Math.min(scene.steps.length - 1, to));
    complaint = "";
    if (next !== step) {
      step = next;
      looked = null;
      if (save) {
        model.set("step", step);
        model.save_changes();
      }
    }
    paint(true);
  }

  function play() {
    if (timer) return pause();
    if (step >= scene.steps.length - 1) show(0);
    timer = setInterval(() => (step < scene.steps.length - 1 ? show(step + 1) : pause()), PLAY);
    paint();
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    paint();
  }

  // -- asking the kernel

  function edit(leaf, value, wrong = "") {
    complaint = wrong;
    if (wrong) return paint();
    if (waiting && Date.now() - waiting < PATIENCE) {
      queued = [leaf, value];
      return;
    }
    waiting = Date.now();
    model.send({ type: "edit", leaf, value });
  }

  function answered() {
    waiting = 0;
    scene = model.get("scene");
    complaint = "";
    const held = root.getRootNode().activeElement?.dataset?.id;
    step = Math.min(step, scene.steps.length - 1);
    build();
    if (held && !nodes[held]) nodes[chosen]?.button.focus();
    const next = queued;
    queued = null;
    if (next) edit(...next);
  }

  // -- drawing

  /** The parts that a new graph needs; the same graph with other numbers keeps its elements and its focus. */
  function build() {
    const now = JSON.stringify([scene.nodes, scene.edges.map((edge) => [edge.id, edge.path])]);
    if (now !== shape) {
      shape = now;
      redraw();
    }
    for (const edge of scene.edges) edges[edge.id].group.querySelector(".mdl-local").textContent = edge.local;
    const names = scene.leaves.map((leaf) => [leaf.name, Boolean(leaf.own), Boolean(leaf.nudge)].join()).join("\n");
    if (names !== under.dataset.names) {
      under.dataset.names = names;
      leaves = table(scene.leaves, scene.own, edit);
      under.replaceChildren(...(scene.leaves.length ? [leaves.table] : []), panel);
    }
    paint();
  }

  function redraw() {
    const [width, height] = scene.size;
    const before = new Set(Object.keys(nodes));
    for (const held of [nodes, edges]) for (const id of Object.keys(held)) delete held[id];
    sheet.style.width = `${width}px`;
    sheet.style.height = `${height}px`;
    wires.setAttribute("viewBox", `0 0 ${width} ${height}`);
    wires.replaceChildren(...scene.edges.map((edge) => (edges[edge.id] = { edge, group: line(edge) }).group));
    sheet.replaceChildren(wires, ...scene.nodes.map((node) => (nodes[node.id] = { node, button: card(node) }).button), pills);
    for (const { node, button } of Object.values(nodes)) hear(node, button);
    const fresh = scene.nodes.find((node) => before.size && !before.has(node.id));
    if (!nodes[chosen]) chosen = (fresh ?? scene.nodes[0])?.id;
    if (!nodes[looked]) looked = null;
    fit();
    modules.replaceChildren(
      ...scene.opened.map((path) =>
        make("button", { type: "button", class: "mdl-button", onclick: () => model.send({ type: "fold", module: path }) }, `Fold ${path.split("/").join(" / ")}`),
      ),
    );
  }

  function fit() {
    const room = view.clientWidth / scene.size[0];
    size = room < SMALLEST ? 1 : Math.min(1, room);
    sheet.style.zoom = size;
  }

  function hear(node, button) {
    button.addEventListener("focus", () => choose(node.id));
    button.addEventListener("click", () => (node.path ? model.send({ type: "unfold", module: node.path }) : choose(node.id)));
    if (node.leaf) drag(button, node);
  }

  function choose(id) {
    chosen = looked = id;
    paint();
  }

  /** Everything that a step changes. */
  function paint(follow = false) {
    const now = scene.steps[step];
    const { values, grads } = cards(scene.steps, step);
    for (const [id, { button }] of Object.entries(nodes)) {
      for (const [key, texts] of [["value", values], ["grad", grads]]) {
        const text = button.querySelector(`.mdl-${key} .mdl-text`);
        if (text) text.textContent = texts[id] ?? "";
      }
      button.classList.toggle("mdl-known", id in values);
      button.classList.toggle("mdl-got", now.into === id || (now.phase === "seed" && now.box === id));
      if (now.box === id) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      button.tabIndex = id === chosen ? 0 : -1;
    }
    for (const [id, { edge, group }] of Object.entries(edges)) {
      const on = now.edge === id || (now.phase === "forward" && edge.target === now.box);
      group.setAttribute("class", `mdl-edge${on ? ` mdl-on-${now.phase}` : ""}${edge.target in values ? " mdl-known" : ""}`);
    }
    root.dataset.phase = now.phase;
    say.textContent = complaint || now.say;
    notice.textContent = now.phase === "done" ? scene.notice || scene.agreed : "";
    notice.dataset.kind = scene.notice ? "wrong" : "agreed";
    paintBar(now);
    paintPills(now);
    paintLeaves(now, grads);
    describe(looked ?? now.into ?? (now.box || result()), values, grads);
    if (follow) reveal(now);
  }

  function paintBar(now) {
    const last = scene.steps.length - 1;
    bar.scrub.max = last;
    bar.scrub.value = step;
    bar.scrub.setAttribute("aria-valuetext", `step ${step} of ${last}, ${PHASES[now.phase]}`);
    bar.count.textContent = `${step} / ${last} · ${PHASES[now.phase]}`;
    for (const [button, ended] of [[bar.first, step === 0], [bar.back, step === 0], [bar.next, step === last], [bar.last, step === last]]) {
      button.setAttribute("aria-disabled", String(ended)); // not `disabled`: the focus would fall off the button
    }
    bar.play.setAttribute("aria-label", timer ? "Pause" : "Play");
    bar.play.title = timer ? "Pause" : "Play";
    bar.play.replaceChildren(icon(timer ? "pause" : "play"));
  }

  /** The product above the card that it leaves, and the += below the card that it is added into. */
  function paintPills(now) {
    const pill = ({ kind, lines, x, y }) => make("span", { class: `mdl-pill mdl-${kind}`, style: `left:${x}px;top:${y}px` }, lines.join("\n"));
    pills.replaceChildren(...now.pills.map(pill));
  }

  function paintLeaves(now, grads) {
    const done = now.phase === "done";
    for (const leaf of scene.leaves) {
      const { field, slider, cells } = leaves.fields[leaf.name];
      const shown = root.getRootNode().activeElement;
      if (leaf.editable && shown !== field) field.value = leaf.value;
      if (leaf.editable && shown !== slider) slider.value = leaf.value;
      const texts = { paths: grads[leaf.node], own: done && leaf.own, nudge: done && leaf.nudge };
      const differs = done && leaf.verdict;
      for (const [key, cell] of Object.entries(cells)) {
        cell.textContent = texts[key] ? texts[key] + (differs && key === "own" ? " differs" : "") : "·";
        cell.classList.toggle("mdl-differs", Boolean(differs));
        cell.classList.toggle("mdl-blank", !texts[key]);
      }
    }
  }

  const result = () => scene.nodes.find((node) => node.kind === "result")?.id;

  function describe(id, values, grads) {
    const { node } = nodes[id] ?? {};
    panel.hidden = !node;
    if (!node) return;
    const terms = scene.steps.slice(0, step + 1).filter((one) => one.into === id && one.product);
    const final = grads[id] && grads[id] === cards(scene.steps, Infinity).grads[id];
    const facts = scene.facts[id] ?? {};
    const rows = [
      ["value", values[id] ?? "not computed yet"],
      ["gradient", grads[id] ?? "none yet"],
      ["added up from", terms.map((one) => one.product.split(" = ")[0]).join("  +  ")],
      ["with", node.params],
      ["shape", node.shape],
      ["holds", node.path ? `${node.steps} operations: Enter or a click opens it` : ""],
      ["made at", node.where],
      ["inside", node.inside],
    ].filter(([, text]) => text);
    panel.replaceChildren(
      make("p", { class: "mdl-title" }, node.name, " ", make("span", { class: "mdl-op" }, node.op || node.kind)),
      make("dl", {}, rows.map(([key, text]) => [make("dt", {}, key), make("dd", {}, text)]).flat()),
      ...[numbers("value", id in values ? facts.value : null), numbers("gradient", final ? facts.grad : null)].filter(Boolean),
    );
  }

  /** Scroll the graph, never the page, so that the step's cards are seen. */
  function reveal(now) {
    const box = nodes[now.into ?? now.box]?.node;
    if (!box) return;
    const reach = (start, size, room, at) => (start < at + 24 || start + size > at + room - 24 ? Math.max(0, start + size / 2 - room / 2) : at);
    view.scrollTo({
      left: reach(box.x * size, box.w * size, view.clientWidth, view.scrollLeft),
      top: reach(box.y * size, box.h * size, view.clientHeight, view.scrollTop),
      behavior: calm() ? "auto" : "smooth",
    });
  }

  // -- keys and dragging

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = { "[": () => move(-1, true), "]": () => move(1, true) };
    const at = nodes[event.target.dataset?.id];
    if (at) {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (way) acts[event.key] = () => walk(at.node, ...way);
      const field = leaves.fields[at.node.leaf]?.field;
      if (event.key === "Enter" && field?.isConnected) acts.Enter = () => (field.focus(), field.select());
    }
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own meaning for arrows
    act();
  }

  /** Left and right along an edge; up and down to the neighbour in the same column. */
  function walk(node, dx, dy) {
    const by = (other) => 10 * Math.abs(other.x - node.x) + Math.abs(other.y + other.h / 2 - node.y - node.h / 2);
    const near = dx
      ? scene.edges.filter((edge) => (dx < 0 ? edge.target : edge.source) === node.id).map((edge) => nodes[dx < 0 ? edge.source : edge.target].node)
      : scene.nodes.filter((other) => Math.abs(other.x - node.x) < 1 && (other.y - node.y) * dy > 0);
    const next = near.sort((a, b) => by(a) - by(b))[0];
    nodes[next?.id]?.button.focus();
  }

  function drag(button, node) {
    const leaf = () => scene.leaves.find((one) => one.name === node.leaf);
    if (!leaf()?.editable) return;
    button.classList.add("mdl-drags");
    let start = null;
    button.addEventListener("pointerdown", (event) => {
      start = { x: event.clientX, value: leaf().value, pointer: event.pointerId };
    });
    button.addEventListener("pointermove", (event) => {
      const moved = start ? event.clientX - start.x : 0;
      if (Math.abs(moved) < 3) return;
      button.setPointerCapture(start.pointer);
      edit(node.leaf, Number((start.value + moved * DRAG).toFixed(2)));
    });
    for (const end of ["pointerup", "pointercancel"]) button.addEventListener(end, () => (start = null));
  }

  const stepped = () => show(model.get("step"), false);
  model.on("change:scene", answered);
  model.on("change:step", stepped);
  savePictures(model);
  build();
  const widths = new ResizeObserver(fit);
  widths.observe(view);
  return () => {
    widths.disconnect();
    clearInterval(timer);
    model.off("change:scene", answered);
    model.off("change:step", stepped);
  };
}

export default { render };
