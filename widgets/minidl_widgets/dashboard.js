// The training dashboard: a run's curves while they grow, and the buttons that drive the run.
//
// The kernel owns the run; the page owns the clock. While "running", the page allows the steps of a quarter of a second
// after another and keeps two such ticks in flight, so that the kernel works on one while the other's answer travels.
// To pause is to say so: the kernel listens every 30 ms. Every answer brings only the points that are new.
//
// The page works on the kernel's time where cores are few. So it asks seldom, draws seldom, and changes only those
// elements of the picture that are new; a panel that nobody sees is not drawn at all.

const IN_FLIGHT = 2;
const PATIENCE = 4000; // ms without an answer before the page says so
const PROBE = 2500; // ms that a kernel has to answer after its line was cut
const REDRAW = 200; // ms between two pictures of a run at work
const LIMIT = 4000; // points kept of one curve

// ---- numbers -------------------------------------------------------------------------------------------------------

const known = Number.isFinite;

function short(value) {
  if (!known(value)) return "–";
  const size = Math.abs(value);
  if (size && (size < 1e-3 || size >= 1e5)) return value.toExponential(1).replace(".0e", "e").replace("e+", "e").replace("-", "−").replace("e-", "e−");
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

const whole = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, "\u202f");

// Round numbers between low and high, about `count` of them.
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.75) ?? 10 * power;
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(i * step);
  return found;
}

function decades(low, high) {
  const powers = [];
  for (let p = Math.ceil(Math.log10(low) - 1e-9); 10 ** p <= high * (1 + 1e-9); p++) powers.push(10 ** p);
  if (powers.length > 5) return powers.filter((_, i) => i % Math.ceil(powers.length / 5) === 0);
  if (powers.length > 1) return powers;
  const fine = [];
  for (let p = Math.floor(Math.log10(low)); 10 ** p <= high; p++) for (const m of [1, 2, 3, 5]) fine.push(m * 10 ** p);
  const inside = fine.filter((v) => v >= low && v <= high);
  return inside.length ? inside : [low];
}

// ---- curves --------------------------------------------------------------------------------------------------------

// Of each stretch its lowest and its highest point: no peak is lost. The kernel thins by the same rule.
function thin(curve, limit) {
  const { x, y } = curve;
  if (x.length <= limit) return curve;
  const stretch = Math.ceil((2 * x.length) / limit);
  const kept = { x: [], y: [] };
  for (let start = 0; start < x.length; start += stretch) {
    const stop = Math.min(start + stretch, x.length);
    let low = start, high = start;
    for (let i = start; i < stop; i++) {
      if (!known(y[i])) continue;
      if (!known(y[low]) || y[i] < y[low]) low = i;
      if (!known(y[high]) || y[i] > y[high]) high = i;
    }
    for (const i of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      kept.x.push(x[i]);
      kept.y.push(y[i]);
    }
  }
  return kept;
}

function extend(run, series) {
  for (const [name, { x, y }] of Object.entries(series)) {
    const curve = (run.series[name] ??= { x: [], y: [] });
    for (let i = 0; i < x.length; i++) curve.x.push(x[i]), curve.y.push(y[i]);
    if (curve.x.length > LIMIT) run.series[name] = thin(curve, LIMIT / 2);
  }
}

// An average over about a fiftieth of the run, weighted towards each point from both sides: so it does not lag behind.
function smoothed(curve, span) {
  const memory = Math.max(1, span / 50);
  const pass = (order) => {
    const found = [];
    let sum = 0, weight = 0, before;
    for (const i of order) {
      if (!known(curve.y[i])) continue;
      const keep = Math.exp(-(before === undefined ? 1 : Math.abs(curve.x[i] - before)) / memory);
      before = curve.x[i];
      sum = keep * sum + (1 - keep) * curve.y[i];
      weight = keep * weight + (1 - keep);
      found[i] = sum / weight;
    }
    return found;
  };
  const order = curve.y.map((_, i) => i);
  const [past, future] = [pass(order), pass(order.toReversed())];
  return { x: curve.x, y: order.map((i) => (known(curve.y[i]) ? (past[i] + future[i]) / 2 : null)) };
}

// The curve's point at a step: the newest at or before it.
function at(curve, step) {
  if (!curve || curve.x[0] > step) return undefined;
  let low = 0, high = curve.x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.x[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return { x: curve.x[low - 1], y: curve.y[low - 1] };
}

// ---- scales: from values to pixels ---------------------------------------------------------------------------------

function scaleOf(curves, { log, ceiling, floor }, pixels) {
  let low = Infinity, high = -Infinity;
  for (const curve of curves) for (const v of curve.y) if (known(v) && (!log || v > 0)) (low = Math.min(low, v)), (high = Math.max(high, v));
  if (low > high) [low, high] = log ? [0.1, 1] : [0, 1];
  if (floor !== undefined) low = Math.min(low, floor);
  const to = log ? Math.log10 : (v) => v;
  const from = log ? (v) => 10 ** v : (v) => v;
  let [a, b] = [to(low), to(high)];
  const air = b > a ? (b - a) * 0.06 : log ? 0.5 : Math.abs(b) * 0.2 || 1;
  a = !log && low >= 0 && a - air < 0 ? 0 : a - air;
  b = ceiling !== undefined && high <= ceiling && b + air > ceiling ? ceiling : b + air;
  if (b - a < 1e-12) b = a + 1;
  const place = (v) => pixels[0] + ((to(v) - a) / (b - a)) * (pixels[1] - pixels[0]);
  return { place, shows: (v) => known(v) && (!log || v > 0), ticks: log ? decades(from(a), from(b)) : ticks(a, b, 4) };
}

function path(curve, X, Y, stepped) {
  let d = "", pen = "M", previous;
  for (let i = 0; i < curve.x.length; i++) {
    if (!Y.shows(curve.y[i])) {
      pen = "M";
      continue;
    }
    const [px, py] = [X(curve.x[i]).toFixed(1), Y.place(curve.y[i]).toFixed(1)];
    if (stepped && pen === "L") d += `L${px} ${previous}`;
    d += pen === "M" ? `M${px} ${py}h0` : `L${px} ${py}`; // h0: a point alone is a dot
    previous = py;
    pen = "L";
  }
  return d;
}

// ---- elements ------------------------------------------------------------------------------------------------------

// Makes a group's children be these [tag, attributes, text, tooltip], touching only what differs from the last time.
function patch(group, items) {
  items.forEach(([tag, attributes, text = "", hint], i) => {
    let node = group.children[i];
    if (node?.localName !== tag) {
      const fresh = Object.assign(draw(tag), { was: {}, said: "" });
      node ? node.replaceWith(fresh) : group.append(fresh);
      node = fresh;
    }
    for (const name of Object.keys(node.was)) if (!(name in attributes)) node.removeAttribute(name);
    for (const [name, value] of Object.entries(attributes)) if (node.was[name] !== value) node.setAttribute(name, value);
    if (node.said !== text) node.replaceChildren(text, ...(hint ? [draw("title", {}, hint)] : []));
    Object.assign(node, { was: attributes, said: text });
  });
  while (group.children.length > items.length) group.lastChild.remove();
}

const write = (node, text) => node.textContent !== text && (node.textContent = text);

const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

const SHAPES = { start: "M4 2.5v11l9.5-5.5z", pause: "M4 3h3v10H4zM9 3h3v10H9z", step: "M3 3v10l6.5-5zM10.5 3h2.5v10h-2.5z", stop: "M3.5 3.5h9v9h-9z" };
const icon = (name) => `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="${SHAPES[name]}"/></svg>`;

// A piece of the line itself, to stand beside its name: the hue says which quantity, the dash which run.
const sample = (kind, run) =>
  `<svg class="sample" viewBox="0 0 24 8" aria-hidden="true"><path class="line ${kind} run-${run}" d="M1 4H23"/>` +
  (kind === "valid" ? `<circle class="dot valid" cx="12" cy="4" r="2.5"/>` : "") + "</svg>";

// ---- charts --------------------------------------------------------------------------------------------------------

// A frame with an axis of steps. It is also a slider, whose value is the board's time cursor.
class Frame {
  constructor(panel, board) {
    Object.assign(this, { panel, board, top: 12 });
    this.svg = draw("svg", { "aria-hidden": "true" }, draw("g"), draw("g"), draw("g"));
    this.slider = make("div", {
      class: "plot", role: "slider", tabindex: "0", "aria-label": `${panel.title}: time cursor`, "aria-valuemin": "0",
      onkeydown: (event) => board.key(event),
      onpointermove: (event) => board.hover(this.stepAt(event)),
      onpointerleave: () => board.hover(null),
    }, this.svg);
    this.readout = make("div", { class: "readout" });
    this.node = make("figure", {}, make("figcaption", {}, make("span", { class: "title" }, panel.title), this.readout), this.slider);
  }

  // The curves in this frame, the newest run last, so that it lies on top.
  get drawn() {
    const { board, names } = this;
    const all = board.runs.flatMap((run, k) => names.map(([name], i) => ({ curve: run.series[name], k, i, name })));
    return all.filter(({ curve }) => curve).reverse();
  }

  get room() {
    return 2 * (this.right - this.left);
  }

  stepAt(event) {
    const inside = event.clientX - this.svg.getBoundingClientRect().left;
    return Math.round(((inside - this.left) / (this.right - this.left)) * this.span);
  }

  draw() {
    this.width = Math.max(160, this.wide || 280);
    this.measure();
    this.bottom = this.height - 18;
    if (this.size !== (this.size = `${this.width} ${this.height}`)) {
      this.svg.setAttribute("width", this.width);
      this.svg.setAttribute("height", this.height);
    }
    this.span = this.board.span;
    const scale = (this.right - this.left) / this.span;
    this.X = (step) => this.left + step * scale;
    const { drawn } = this;
    const [under, over] = this.curves(drawn);
    const [back, front] = this.svg.children;
    patch(back, [...this.times(), ...under]);
    patch(front, drawn.length ? over : [this.empty()]);
    this.point();
  }

  // The axis of steps, the ends of the epochs, and where the learning rate was changed by hand.
  times() {
    const { X, board, bottom, top, left, right, span } = this;
    const count = Math.min(3, (right - left) / 70);
    const anchor = (t) => (!t ? "start" : X(t) > right - 14 ? "end" : "middle");
    const label = (t) => ["text", { x: X(t).toFixed(1), y: bottom + 14, "text-anchor": anchor(t) }, t ? whole(t) : "step 0"];
    const { steps_per_epoch: each } = board.status;
    let epochs = "";
    if (each && X(each) - left >= 5) for (let t = each; t <= span; t += each) epochs += `M${X(t).toFixed(1)} ${bottom}v3`;
    const mark = ({ step }) => [
      ["path", { class: "mark", d: `M${X(step).toFixed(1)} ${top - 3}V${bottom}` }],
      ["path", { class: "flag", d: `M${X(step).toFixed(1)} ${top - 3}l-3.5 -6h7z` }],
    ];
    return [["path", { class: "axis", d: `M${left} ${bottom}H${right}${epochs}` }], ...ticks(0, span, count).map(label), ...board.marks().flatMap(mark)];
  }

  empty() {
    const words = this.board.last ? "not measured yet" : "no steps yet";
    return ["text", { x: (this.left + this.right) / 2, y: (this.top + this.bottom) / 2, "text-anchor": "middle" }, words];
  }

  // The time cursor in this frame, and the values it meets.
  point() {
    const { board, names } = this;
    const step = board.now;
    const values = board.runs.map((run) => names.map(([name]) => at(run.series[name], step)));
    const hand = board.cursor === null ? [] : [["path", { class: "hand", d: `M${this.X(step).toFixed(1)} ${this.top - 4}V${this.bottom}` }]];
    patch(this.svg.lastChild, [...hand, ...this.met(values)]);
    const one = (v, i) => (v ? `${names[i][1] || this.panel.title} ${short(v.y)}` : "");
    const said = values.map((row, k) => (values.length > 1 ? `${board.runs[k].label}: ` : "") + row.map(one).filter(Boolean).join(", "));
    const told = board.last ? `step ${step}: ${said.join("; ")}` : "no steps yet";
    if (told === this.told) return;
    this.told = told;
    this.slider.setAttribute("aria-valuemax", board.last);
    this.slider.setAttribute("aria-valuenow", step);
    this.slider.setAttribute("aria-valuetext", told);
  }
}

// One quantity: on training data in the first hue, on validation data in the second and with dots.
class Lines extends Frame {
  get names() {
    return this.panel.lines;
  }

  measure() {
    Object.assign(this, { height: 142, left: 44, right: this.width - 8 });
  }

  curves(drawn) {
    const { panel, board, left, right } = this;
    if (!drawn.length) return [[], []];
    const log = panel.log && board.log;
    this.Y = scaleOf(drawn.map(({ curve }) => curve), { log, ceiling: panel.ceiling }, [this.bottom, this.top]);
    const rule = (t) => [
      ["path", { class: "grid", d: `M${left} ${this.Y.place(t).toFixed(1)}H${right}` }],
      ["text", { x: left - 6, y: (this.Y.place(t) + 3.5).toFixed(1), "text-anchor": "end" }, short(t)],
    ];
    return [this.Y.ticks.flatMap(rule), drawn.flatMap((d) => this.line(d))];
  }

  line({ curve, k, i, name }) {
    const { board, panel, X, Y } = this;
    const kind = KINDS[i];
    const averaged = board.smooth && panel.smooth && kind === "train";
    const raw = averaged ? [["path", { class: `line ${kind} raw`, d: path(thin(curve, this.room), X, Y) }]] : [];
    const shown = thin(averaged ? smoothed(curve, this.span) : curve, this.room);
    const dots = kind === "valid" && curve.x.length < 60 ? curve.x.flatMap((x, j) => dot(kind, X(x), Y, curve.y[j], 2.2)) : [];
    return [...raw, ["path", { class: `line ${kind} run-${k}`, "data-name": name, d: path(shown, X, Y, panel.stepped) }], ...dots];
  }

  met(values) {
    const { board, X, Y } = this;
    this.read(values);
    if (board.cursor === null || !Y) return [];
    return values.flatMap((row) => row.flatMap((v, i) => (v ? dot(KINDS[i], X(v.x), Y, v.y, 3.2) : [])));
  }

  // The numbers beside the title; their places stay, so mostly the numbers alone are written anew.
  read(values) {
    const { names } = this;
    const entry = (v, k, i) => (v ? `<span class="entry">${sample(KINDS[i], k)}<span>${names[i][1]} <b></b></span></span>` : "");
    const places = values.map((row, k) => `<div>${row.map((v, i) => entry(v, k, i)).join("")}</div>`).join("");
    if (this.places !== places) this.readout.innerHTML = this.places = places;
    const met = values.flat().filter(Boolean);
    this.readout.querySelectorAll("b").forEach((node, j) => write(node, short(met[j].y)));
  }
}

const KINDS = ["train", "valid"];
const dot = (kind, x, Y, value, r) => (Y.shows(value) ? [["circle", { class: `dot ${kind}`, cx: x.toFixed(1), cy: Y.place(value).toFixed(1), r }]] : []);

// One quantity of every layer: a row for each, all on one scale, the numbers at the row's end.
class Rows extends Frame {
  get names() {
    const { prefix } = this.panel;
    const names = new Set(this.board.runs.flatMap((run) => Object.keys(run.series)).filter((name) => name.startsWith(prefix)));
    return [...names].map((name) => [name, name.slice(prefix.length)]);
  }

  label(layer) {
    const text = this.board.layers[layer] ?? layer;
    return text.length > 14 ? `…${text.slice(-13)}` : text;
  }

  measure() {
    const runs = Math.max(1, this.board.runs.length);
    const letters = Math.max(4, ...this.names.map(([, layer]) => this.label(layer).length));
    const height = Math.max(142 + 19 * (runs - 1), this.names.length * 18 + 30); // as tall as its neighbours
    Object.assign(this, { height, left: 10 + 6.2 * letters, right: this.width - 54 });
    if (!this.readout.firstChild) this.readout.append(make("div", {}, this.panel.note));
  }

  get tall() {
    return (this.bottom - this.top) / Math.max(1, this.names.length);
  }

  base(i) {
    return this.top + (i + 1) * this.tall - 2;
  }

  curves(drawn) {
    const { panel, names, left, right, tall, X } = this;
    const unit = scaleOf(drawn.map(({ curve }) => curve), { log: panel.log, floor: panel.log ? panel.guide / 2 : 0 }, [0, tall - 6]);
    const guide = drawn.length && panel.guide ? unit.place(panel.guide) : -1;
    const frame = names.flatMap(([, layer], i) => {
      const base = this.base(i);
      const helper = guide >= 0 && guide <= tall ? [["path", { class: "guide", d: `M${left} ${(base - guide).toFixed(1)}H${right}` }]] : [];
      const label = ["text", { x: left - 6, y: (base - tall / 2 + 5).toFixed(1), "text-anchor": "end" }, this.label(layer), layer];
      return [["path", { class: "grid", d: `M${left} ${base.toFixed(1)}H${right}` }], ...helper, label];
    });
    const rows = drawn.flatMap(({ curve, k, i, name }) => {
      const Y = { shows: unit.shows, place: (v) => this.base(i) - unit.place(v) };
      const d = path(thin(curve, this.room), X, Y);
      const area = !k && d && !panel.log ? [["path", { class: "area", d: `${d}V${this.base(i)}H${X(curve.x[0]).toFixed(1)}Z` }]] : [];
      return [...area, ["path", { class: `line train run-${k}`, "data-name": name, d }]];
    });
    return [frame, rows];
  }

  met(values) {
    const both = values.length > 1 && this.tall >= 30;
    const middle = (i) => this.base(i) - this.tall / 2 + 5;
    const place = (k, i) => ({ class: `value of-${k}`, x: this.right + 8, y: (middle(i) + (both ? 14 * k - 7 : 0)).toFixed(1) });
    return values.slice(0, both ? 2 : 1).flatMap((row, k) => row.flatMap((v, i) => (v ? [["text", place(k, i), short(v.y)]] : [])));
  }
}

function frames(metrics, board) {
  const pair = (name) => [[name, "train"], [`valid_${name}`, "validation"]];
  const title = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");
  return [
    new Lines({ title: "Loss", lines: pair("loss"), log: true, smooth: true }, board),
    ...metrics.map((name) => new Lines({ title: title(name), lines: pair(name), ceiling: 1, smooth: true }, board)),
    new Lines({ title: "Learning rate", lines: [["lr", ""]], stepped: true, log: true }, board),
    new Lines({ title: "Gradient norm", lines: [["grad_norm", ""]], log: true, smooth: true }, board),
    new Rows({ title: "Update ÷ weight, by layer", note: "one step’s change; the dotted line is 0.001", prefix: "ratio/", log: true, guide: 1e-3 }, board),
    new Rows({ title: "Change since the start, by layer", note: "distance ÷ length of the first weights", prefix: "change/" }, board),
  ];
}

// ---- the board -----------------------------------------------------------------------------------------------------

class Board {
  constructor(model, el) {
    Object.assign(this, { model, el, id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}` });
    Object.assign(this, { runs: [], layers: {}, status: { state: "ready", step: 0, total: 0 }, charts: [], cursor: null });
    Object.assign(this, { running: false, flying: 0, gone: false, smooth: true, log: false });
    Object.assign(this, { seen: true, stale: false, drawn: 0, cost: 0 }); // what concerns the drawing
    this.build();
    this.hear = (content) => this.receive(content);
    this.cut = () => this.probe();
    model.on("msg:custom", this.hear);
    model.on("comm_live_update", this.cut);
    this.watcher = new ResizeObserver((changes) => this.resized(changes));
    this.eye = new IntersectionObserver(([entry]) => ((this.seen = entry.isIntersecting), this.seen && this.stale && this.refresh()));
    this.eye.observe(this.el);
    this.send({ type: "hello" });
  }

  dispose() {
    if (this.running) this.send({ type: "pause" }); // nobody will ask for more
    this.running = false;
    this.watcher.disconnect();
    this.eye.disconnect();
    cancelAnimationFrame(this.frame);
    for (const timer of [this.redraw, this.patience, this.probing]) clearTimeout(timer);
    this.model.off("msg:custom", this.hear);
    this.model.off("comm_live_update", this.cut);
  }

  // -- words with the kernel

  send(content) {
    try {
      this.model.send({ ...content, view: this.id });
    } catch {
      this.lost();
    }
  }

  receive(content) {
    if (content.type === "all") {
      this.runs = content.runs.map(({ series, ...run }) => ({ ...run, series: {} }));
      content.runs.forEach(({ series }, k) => extend(this.runs[k], series));
      this.layers = content.layers;
    } else if (content.type === "news") {
      for (const piece of content.runs) this.learn(piece);
    } else return;
    clearTimeout(this.probing);
    this.gone = false;
    const { state } = this.status;
    this.hearStatus(content);
    if (content.type === "all" || state !== this.status.state) this.draw(); // words and numbers change together
    else this.refresh();
  }

  learn({ run: k, since, until, series, marks }) {
    const run = this.runs[k];
    if (!run || run.until !== since) return this.send({ type: "hello" }); // something was missed: ask for all of it
    extend(run, series);
    Object.assign(run, { until, marks });
  }

  hearStatus({ status, tick }) {
    const before = this.status;
    this.status = status;
    if (tick === this.id) this.flying = Math.max(0, this.flying - 1);
    if (status.state !== "running") this.flying = 0; // what was still allowed is forgotten
    this.panels(status.metrics);
    this.pace(before);
    this.running = status.state === "running" && status.driver === this.id && !this.pausing;
    if (status.state !== "running") this.pausing = false;
    if (document.activeElement !== this.rate || before.lr !== status.lr) this.showRate(status.lr);
    this.ask();
    this.say(status.message, status.state === "failed");
    this.patient();
  }

  showRate(lr) {
    const text = known(lr) ? short(lr).replace("−", "-") : "";
    if (this.shown !== text || this.rate.value !== text) this.rate.value = this.shown = text;
  }

  ask() {
    while (this.running && this.flying < IN_FLIGHT) {
      this.flying++;
      this.send({ type: "tick" });
    }
  }

  // Steps per second, as seen from here; a pause starts the measure anew.
  pace(before) {
    const now = performance.now();
    if (this.status.state !== "running") return (this.since = undefined);
    if (this.since === undefined || before.step > this.status.step) this.since = { now, step: this.status.step };
    const seconds = (now - this.since.now) / 1000;
    if (seconds < 0.5) return;
    this.speed = (this.status.step - this.since.step) / seconds;
    this.since = { now, step: this.status.step };
  }

  patient() {
    clearTimeout(this.patience);
    if (!this.flying) return;
    this.patience = setTimeout(() => this.say("Waiting for the kernel: it is busy with another cell, or gone."), PATIENCE);
  }

  // The line was cut: a restarted kernel knows nothing of this run and will not answer.
  probe() {
    clearTimeout(this.probing);
    this.running = false;
    this.flying = 0;
    this.probing = setTimeout(() => this.lost(), PROBE);
    this.send({ type: "hello" });
  }

  lost() {
    clearTimeout(this.patience);
    Object.assign(this, { gone: true, running: false, flying: 0 });
    this.say("The kernel is gone, and the run with it: the curves stay, to go on run the cells again.", true);
    this.refresh();
  }

  // -- what the person asks

  toggle() {
    if (this.status.state !== "running") return this.send({ type: "start" });
    this.running = false; // in this very moment, whatever is still on its way
    this.pausing = true;
    this.send({ type: "pause" });
    this.draw();
  }

  setRate(text) {
    this.shown = String(text);
    const value = Number(String(text).trim().replace(",", "."));
    const fits = String(text).trim() !== "" && known(value) && value > 0;
    this.rate.setAttribute("aria-invalid", String(!fits));
    if (fits) this.send({ type: "lr", value });
    else this.say(`“${text}” is no learning rate: type a number above zero, such as 0.01.`, true);
  }

  // -- the time cursor

  get last() {
    return Math.max(0, ...this.runs.map((run) => Math.max(0, ...Object.values(run.series).map(({ x }) => x.at(-1) ?? 0))));
  }

  get now() {
    return Math.min(this.cursor ?? this.last, this.last);
  }

  hover(step) {
    const cursor = step === null || !this.last ? null : Math.max(1, Math.min(this.last, step));
    if (cursor === this.cursor) return;
    this.cursor = cursor;
    this.points();
  }

  key(event) {
    const far = event.shiftKey ? 10 : 1;
    const moves = { ArrowLeft: -far, ArrowRight: far, ArrowDown: -far, ArrowUp: far, PageDown: -Math.ceil(this.last / 10), PageUp: Math.ceil(this.last / 10), Home: -Infinity, End: Infinity };
    if (event.key === "Escape") this.hover(null);
    else if (event.key in moves && this.last) this.hover(this.now + moves[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // -- the picture

  // Room for a while to come, so that the axis does not crawl: the next round number, never beyond the run's end.
  get span() {
    const { last } = this;
    const power = 10 ** Math.floor(Math.log10(Math.max(last, 10)));
    const round = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((m) => m * power).find((n) => n >= last);
    return Math.max(1, last, Math.min(round, this.status.total || round));
  }

  marks() {
    return this.runs.flatMap((run, k) => (run.marks ?? []).map((mark) => ({ ...mark, run: k })));
  }

  panels(metrics) {
    if (this.metrics === String(metrics)) return;
    this.metrics = String(metrics);
    this.charts = frames(metrics, this);
    this.grid.replaceChildren(...this.charts.map((chart) => chart.node));
    this.watcher.disconnect();
    for (const chart of this.charts) this.watcher.observe(chart.slider);
  }

  // The browser says how wide a frame is, once it has laid out the page; a hidden one has no width.
  resized(changes) {
    for (const { target, contentRect } of changes) {
      const chart = this.charts.find(({ slider }) => slider === target);
      if (!chart || !contentRect.width || chart.wide === contentRect.width) continue;
      chart.wide = contentRect.width;
      this.drawn = 0; // at once
      this.refresh();
    }
  }

  // Soon, and together with whatever else is new by then; later, if nobody is looking.
  refresh() {
    if (!this.seen) return (this.stale = true);
    if (this.redraw) return;
    const pause = Math.max(REDRAW, 6 * this.cost); // drawing may take a seventh of the page's time
    this.redraw = setTimeout(() => (this.frame = requestAnimationFrame(() => this.draw())), Math.max(0, this.drawn + pause - performance.now()));
  }

  draw() {
    clearTimeout(this.redraw);
    cancelAnimationFrame(this.frame);
    const began = performance.now();
    Object.assign(this, { redraw: undefined, stale: false });
    this.head();
    for (const chart of this.charts) chart.draw();
    this.when();
    this.drawn = performance.now();
    this.cost = this.drawn - began;
  }

  // All but the charts: what can be pressed now, and where the run stands.
  head() {
    const { state, step, total, epoch, epochs, fixed } = this.status;
    const over = this.gone || state === "finished";
    const running = state === "running" && !this.gone && !this.pausing;
    const word = running ? "Pause" : state === "ready" ? "Start" : "Resume";
    if (this.start.dataset.word !== word) this.start.innerHTML = icon(running ? "pause" : "start") + `<span>${word}</span>`;
    this.start.dataset.word = word;
    const idle = ["ready", "stopped", "failed"].includes(state);
    for (const [button, off] of [[this.start, over], [this.single, over || running], [this.stop, over || idle]]) button.setAttribute("aria-disabled", off);
    for (const input of [this.rate, this.halve, this.double]) input.disabled = over || Boolean(fixed);
    for (const button of [this.halve, this.double]) button.hidden = Boolean(fixed);
    this.why.hidden = !fixed;
    write(this.why, fixed ?? "");
    this.el.dataset.state = this.gone ? "gone" : state;
    this.bar.hidden = !total;
    this.bar.max = total || 1;
    this.bar.value = step;
    write(this.count, total ? `step ${whole(step)} of ${whole(total)}` : `step ${whole(step)}`);
    write(this.turn, total === 0 || !epoch ? "" : epochs ? `epoch ${epoch} of ${epochs}` : `epoch ${epoch}`);
    write(this.fast, running && this.speed ? `${whole(this.speed)} steps/s` : "");
    this.legend.hidden = this.runs.length < 2;
    const legend = this.runs.map((run, k) => `<li>${sample("", k)} ${escaped(run.label)}</li>`).join("");
    if (this.known !== legend) this.legend.innerHTML = this.known = legend;
  }

  points() {
    for (const chart of this.charts) chart.point();
    this.when();
  }

  when() {
    const each = this.status.steps_per_epoch;
    const epoch = each ? `, epoch ${Math.max(1, Math.ceil(this.now / each))}` : "";
    write(this.clock, !this.last ? "" : this.cursor === null ? "newest values" : `values at step ${whole(this.now)}${epoch}`);
  }

  say(message, wrong = false) {
    write(this.words, message ?? "");
    this.words.classList.toggle("wrong", wrong);
  }

  build() {
    const button = (name, label, act, options = {}) => {
      const node = make("button", { type: "button", class: "mdl-button", onclick: () => node.getAttribute("aria-disabled") !== "true" && act(), ...options });
      node.innerHTML = icon(name) + `<span>${label}</span>`;
      return node;
    };
    const times = (factor, label, sign) => make("button", { type: "button", class: "mdl-button factor", "aria-label": label, title: label, onclick: () => this.setRate(this.status.lr * factor) }, sign);
    const tick = (label, on, set) => make("label", {}, make("input", { type: "checkbox", checked: on, onchange: (e) => (set(e.target.checked), this.draw()) }), label);
    this.start = button("start", "Start", () => this.toggle(), { class: "mdl-button mdl-main" });
    this.single = button("step", "Single step", () => this.send({ type: "step" }));
    this.stop = button("stop", "Stop", () => this.send({ type: "stop" }));
    this.rate = make("input", {
      class: "mdl-field", type: "text", inputmode: "decimal", size: "7", autocomplete: "off", spellcheck: "false",
      // In JupyterLab 4.6 Enter in an output's input fires no change event.
      onkeydown: (event) => (event.stopPropagation(), event.key === "Enter" && this.setRate(this.rate.value)),
      onchange: () => this.rate.value !== this.shown && this.setRate(this.rate.value),
    });
    [this.halve, this.double] = [times(0.5, "Halve the learning rate", "÷2"), times(2, "Double the learning rate", "×2")];
    this.why = make("p", { class: "why", hidden: true });
    this.bar = make("progress", { "aria-label": "Progress of the run", max: "1" });
    [this.turn, this.count, this.fast, this.clock] = ["turn", "count", "fast", "clock"].map((name) => make("span", { class: name }));
    this.words = make("p", { role: "status" });
    this.legend = make("ul", { class: "legend", "aria-label": "Runs", hidden: true });
    this.grid = make("div", { class: "charts" });
    this.el.classList.add("mdl", "mdl-dashboard");
    // JupyterLab's own arrow keys would fold the headings of the notebook.
    for (const [name, value] of [["role", "group"], ["aria-label", "Training dashboard"], ["data-lm-suppress-shortcuts", "true"]]) this.el.setAttribute(name, value);
    this.el.replaceChildren(
      make("div", { class: "controls" },
        make("div", { class: "drive", role: "group", "aria-label": "Run" }, this.start, this.single, this.stop),
        make("div", { class: "rate", role: "group", "aria-label": "Learning rate" }, make("label", {}, "Learning rate ", this.rate), this.halve, this.double, this.why),
        make("div", { class: "choices" }, tick("Smooth", this.smooth, (on) => (this.smooth = on)), tick("Log scale", this.log, (on) => (this.log = on)))),
      make("div", { class: "place" }, this.turn, this.bar, this.count, this.fast),
      make("div", { class: "words" }, this.words, this.clock),
      this.legend,
      this.grid,
    );
    this.draw();
  }
}

export default {
  render({ model, el }) {
    const board = new Board(model, el);
    return () => board.dispose();
  },
};
