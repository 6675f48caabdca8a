// The training dashboard: a run's curves while they grow, and the buttons that drive the run.
//
// The kernel owns the run; the page owns the clock. While "running", the page asks for one 50 ms slice of steps after
// another and keeps two in flight, so that the kernel works on one while the other's answer travels. To pause is to
// stop asking. Every answer brings only the points that are new.

const IN_FLIGHT = 2;
const SLOW = 0.15; // a slice of more seconds than this holds one long step: then one in flight is enough
const PATIENCE = 4000; // ms without an answer before the page says so
const PROBE = 2500; // ms that a kernel has to answer after its line was cut
const REDRAW = 100; // ms between two pictures of a run at work
const LIMIT = 4000; // points kept of one curve

// ---- numbers -------------------------------------------------------------------------------------------------------

const known = Number.isFinite;

function short(value) {
  if (!known(value)) return "–";
  const size = Math.abs(value);
  if (size && (size < 1e-3 || size >= 1e5)) return value.toExponential(1).replace("e+", "e").replace("-", "−").replace("e-", "e−");
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

const whole = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, "\u202f");

// Round numbers between low and high, about `count` of them.
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999) ?? 10 * power;
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

// An average that forgets over a fiftieth of the run; its weights sum to one from the first point on.
function smoothed(curve, span) {
  const memory = Math.max(1, span / 50);
  let sum = 0, weight = 0;
  const y = curve.y.map((value, i) => {
    if (!known(value)) return null;
    const keep = Math.exp(-(i ? curve.x[i] - curve.x[i - 1] : 1) / memory);
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return sum / weight;
  });
  return { x: curve.x, y };
}

// The curve's value at a step: the newest at or before it.
function at(curve, step) {
  if (!curve) return undefined;
  let low = 0, high = curve.x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.x[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return curve.y[low - 1];
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
  const air = (b - a || (log ? 0.5 : Math.abs(b) * 0.2 || 1)) * 0.06;
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
    d += `${pen}${px} ${py}`;
    previous = py;
    pen = "L";
  }
  return d;
}

// ---- elements ------------------------------------------------------------------------------------------------------

const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

const SHAPES = { start: "M4 2.5v11l9.5-5.5z", pause: "M4 3h3v10H4zM9 3h3v10H9z", step: "M3 3v10l6.5-5zM10.5 3h2.5v10h-2.5z", stop: "M3.5 3.5h9v9h-9z" };
const icon = (name) => `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="${SHAPES[name]}"/></svg>`;

// A piece of the line itself, to stand beside its name: the hue says which quantity, the dash which run.
const sample = (kind, run) =>
  `<svg class="sample" viewBox="0 0 24 8" aria-hidden="true"><path class="line ${kind} run-${run}" d="M1 4H23"/>` +
  (kind === "valid" ? `<circle class="dot valid" cx="12" cy="4" r="2.5"/>` : "") + "</svg>";

// ---- charts --------------------------------------------------------------------------------------------------------

const LINES_AT_MOST = 6; // layers as lines in one frame; more of them stand in rows

// One frame with an axis of steps. A chart is also a slider: its value is the board's time cursor.
class Chart {
  constructor(panel, board) {
    Object.assign(this, { panel, board });
    this.readout = element("span", { class: "readout" });
    this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.svg.setAttribute("aria-hidden", "true");
    this.svg.innerHTML = "<g></g><g></g>";
    this.slider = element("div", {
      class: "plot", role: "slider", tabindex: "0", "aria-label": `${panel.title}: time cursor`, "aria-valuemin": "0",
      onkeydown: (event) => board.key(event),
      onpointermove: (event) => board.hover(this.stepAt(event)),
      onpointerleave: () => board.hover(null),
    }, this.svg);
    this.node = element("figure", {}, element("figcaption", {}, element("span", { class: "title" }, panel.title), this.readout), this.slider);
  }

  get names() {
    return this.panel.lines ?? this.board.layers(this.panel.prefix).map((layer) => [`${this.panel.prefix}/${layer}`, layer]);
  }

  get inRows() {
    return this.panel.prefix && (this.panel.rows || this.names.length > LINES_AT_MOST);
  }

  stepAt(event) {
    const inside = event.clientX - this.svg.getBoundingClientRect().left;
    return Math.round(((inside - this.left) / (this.right - this.left)) * this.board.span);
  }

  draw() {
    const width = Math.max(160, this.slider.clientWidth || 280);
    const rows = this.inRows ? this.names.length : 0;
    const height = rows ? Math.max(138, rows * 17 + 26) : 138;
    Object.assign(this, { width, height, left: rows ? 76 : 44, right: width - (rows ? 52 : this.panel.prefix ? 20 : 8), top: 8, bottom: height - 18 });
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", height);
    this.X = (step) => this.left + (step / this.board.span) * (this.right - this.left);
    this.svg.firstChild.innerHTML = this.times() + (rows ? this.rowsOfLayers() : this.lines()) + this.empty();
    this.point();
  }

  // The axis of steps, the ends of the epochs, and where the learning rate was changed by hand.
  times() {
    const { X, board, bottom, top } = this;
    const gap = (this.right - this.left) / board.span;
    const labels = ticks(0, board.span, 3).map((t) => `<text class="tick" x="${X(t)}" y="${bottom + 14}" text-anchor="${t ? (X(t) > this.right - 14 ? "end" : "middle") : "start"}">${whole(t)}</text>`);
    const epochs = [];
    const { steps_per_epoch: each } = board.status;
    if (each && each * gap >= 5) for (let t = each; t <= board.span; t += each) epochs.push(`M${X(t).toFixed(1)} ${bottom}v3`);
    const marks = board.marks().map(({ step, run }) => `<path class="mark run-${run}" d="M${X(step).toFixed(1)} ${top}V${bottom}"/><path class="flag" d="M${X(step).toFixed(1)} ${bottom}l-3.5 5h7z"/>`);
    return `<path class="axis" d="M${this.left} ${bottom}H${this.right}"/><path class="axis" d="${epochs.join("")}"/>${labels.join("")}${marks.join("")}`;
  }

  lines() {
    const { board, panel, names, X } = this;
    const drawn = board.runs.flatMap((run, k) => names.map(([name], i) => ({ curve: run.series[name], k, i, name }))).filter((d) => d.curve);
    const log = panel.log === "always" || (panel.log && board.log);
    const Y = (this.Y = scaleOf(drawn.map((d) => d.curve), { log, ceiling: panel.ceiling }, [this.bottom, this.top]));
    const grid = Y.ticks.map((t) => `<path class="grid" d="M${this.left} ${Y.place(t).toFixed(1)}H${this.right}"/><text class="tick" x="${this.left - 6}" y="${(Y.place(t) + 3.5).toFixed(1)}" text-anchor="end">${short(t)}</text>`);
    return grid.join("") + drawn.reverse().map((d) => this.line(d, Y, X)).join("");
  }

  line({ curve, k, i, name }, Y, X) {
    const { board, panel, names } = this;
    const kind = this.kind(i);
    const room = 2 * (this.right - this.left);
    const averaged = board.smooth && panel.smooth && kind !== "valid";
    let text = averaged ? `<path class="line ${kind} raw" d="${path(thin(curve, room), X, Y)}"/>` : "";
    const shown = thin(averaged ? smoothed(curve, board.span) : curve, room);
    text += `<path class="line ${kind} run-${k}" data-name="${escaped(name)}" d="${path(shown, X, Y, panel.stepped)}"/>`;
    if (kind === "valid" && curve.x.length < 60)
      curve.x.forEach((x, j) => Y.shows(curve.y[j]) && (text += `<circle class="dot ${kind}" cx="${X(x).toFixed(1)}" cy="${Y.place(curve.y[j]).toFixed(1)}" r="2.2"/>`));
    const last = curve.y.length - 1;
    if (panel.prefix && !k && names.length > 1 && Y.shows(curve.y[last]))
      text += `<text class="tag ${kind}" x="${X(curve.x[last]) + 5}" y="${Y.place(curve.y[last]) + 3.5}">${i + 1}</text>`;
    return text;
  }

  rowsOfLayers() {
    const { board, names, X } = this;
    const tall = (this.bottom - this.top) / names.length;
    const all = board.runs.flatMap((run, k) => names.map(([name], i) => ({ curve: run.series[name], k, i }))).filter((d) => d.curve);
    const log = this.panel.log === "always";
    const unit = scaleOf(all.map((d) => d.curve), { log, floor: log ? undefined : 0 }, [0, tall - 5]);
    const text = names.map(([, layer], i) => `<path class="grid" d="M${this.left} ${this.top + (i + 1) * tall - 2}H${this.right}"/><text class="tick layer" x="${this.left - 6}" y="${this.top + (i + 0.5) * tall + 4}" text-anchor="end"><title>${escaped(layer)}</title>${escaped(layer.length > 11 ? "…" + layer.slice(-10) : layer)}</text>`);
    for (const { curve, k, i } of all.reverse()) {
      const base = this.top + (i + 1) * tall - 2;
      const Y = { shows: unit.shows, place: (v) => base - unit.place(v) };
      const d = path(thin(curve, 2 * (this.right - this.left)), X, Y);
      if (!k && d) text.push(`<path class="area" d="${d}V${base}H${X(curve.x[0]).toFixed(1)}Z"/>`);
      text.push(`<path class="line row run-${k}" d="${d}"/>`);
    }
    return text.join("");
  }

  empty() {
    if (this.names.some(([name]) => this.board.runs.some((run) => run.series[name]))) return "";
    return `<text class="tick" x="${(this.left + this.right) / 2}" y="${(this.top + this.bottom) / 2}" text-anchor="middle">${this.board.last ? "not measured" : "no steps yet"}</text>`;
  }

  kind(i) {
    return this.panel.prefix ? `layer layer-${i % LINES_AT_MOST}` : ["train", "valid"][i];
  }

  // The time cursor in this frame, and the values it meets.
  point() {
    const { board, names, X } = this;
    const step = board.now;
    const values = board.runs.map((run) => names.map(([name]) => at(run.series[name], step)));
    const hand = this.svg.lastChild;
    hand.innerHTML = board.cursor === null ? "" : `<path class="hand" d="M${X(step).toFixed(1)} ${this.top - 4}V${this.bottom}"/>`;
    if (this.inRows) {
      const tall = (this.bottom - this.top) / names.length;
      hand.innerHTML += names.map((_, i) => `<text class="value" x="${this.right + 6}" y="${this.top + (i + 0.5) * tall + 4}">${short(values[0]?.[i])}</text>`).join("");
    } else if (board.cursor !== null && this.Y) {
      const dots = values.flatMap((row) => row.map((v, i) => (this.Y.shows(v) ? `<circle class="dot ${this.kind(i)}" cx="${X(step).toFixed(1)}" cy="${this.Y.place(v).toFixed(1)}" r="3"/>` : "")));
      hand.innerHTML += dots.join("");
    }
    this.read(values, step);
  }

  read(values, step) {
    const { board, names, panel } = this;
    const many = board.runs.length > 1;
    const rows = values.map((row, k) => row.map((v, i) => (v === undefined ? "" :
      `<span class="entry">${this.tagged(k, i)}<span>${names.length > 1 ? escaped(names[i][1]) + " " : ""}<b>${short(v)}</b></span></span>`)).join(""));
    if (!this.inRows) this.readout.innerHTML = rows.filter(Boolean).map((row) => `<span class="run">${row}</span>`).join("");
    const said = values.map((row, k) => (many ? `${board.runs[k].label}: ` : "") + row.map((v, i) => (v === undefined ? "" : `${names[i][1] || panel.title} ${short(v)}`)).filter(Boolean).join(", "));
    this.slider.setAttribute("aria-valuemax", board.last);
    this.slider.setAttribute("aria-valuenow", step);
    this.slider.setAttribute("aria-valuetext", board.last ? `step ${step}: ${said.join("; ")}` : "no steps yet");
  }

  tagged(k, i) {
    if (this.panel.prefix && !k) return `<span class="tag ${this.kind(i)}">${i + 1}</span>`;
    return sample(this.kind(i), k);
  }
}

function panelsOf(metrics) {
  const pair = (name) => [[name, "train"], [`valid_${name}`, "validation"]];
  const title = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");
  return [
    { title: "Loss", lines: pair("loss"), log: true, smooth: true },
    ...metrics.map((name) => ({ title: title(name), lines: pair(name), ceiling: 1, smooth: true })),
    { title: "Learning rate", lines: [["lr", ""]], stepped: true },
    { title: "Gradient norm", lines: [["grad_norm", ""]], log: true, smooth: true },
    { title: "Update ÷ weight, by layer", prefix: "ratio", log: "always" },
    { title: "Change since the start, by layer", prefix: "change", rows: true },
  ];
}

// ---- the board -----------------------------------------------------------------------------------------------------

class Board {
  constructor(model, el) {
    Object.assign(this, { model, el, id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}` });
    Object.assign(this, { runs: [], status: { state: "ready", step: 0, total: 0 }, charts: [], cursor: null });
    Object.assign(this, { running: false, flying: 0, depth: IN_FLIGHT, gone: false, smooth: false, log: false });
    this.build();
    this.hear = (content) => this.receive(content);
    this.cut = () => this.probe();
    model.on("msg:custom", this.hear);
    model.on("comm_live_update", this.cut);
    this.watcher = new ResizeObserver(() => this.refresh());
    this.watcher.observe(this.grid);
    this.send({ type: "hello" });
  }

  dispose() {
    this.running = false;
    this.watcher.disconnect();
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
      this.panels(content.metrics);
    } else if (content.type === "news") {
      for (const piece of content.runs) this.learn(piece);
    } else return;
    clearTimeout(this.probing);
    this.gone = false;
    this.hearStatus(content);
    this.refresh();
  }

  learn({ run: k, since, until, series, marks }) {
    const run = this.runs[k];
    if (!run || run.until !== since) return this.send({ type: "hello" }); // something was missed: ask for all of it
    extend(run, series);
    Object.assign(run, { until, marks });
  }

  hearStatus({ status, view, tick, seconds }) {
    const before = this.status;
    this.status = status;
    if (tick !== undefined && view === this.id) {
      this.flying = Math.max(0, this.flying - 1);
      this.depth = seconds > SLOW ? 1 : IN_FLIGHT;
    }
    this.pace(before);
    this.running = status.state === "running" && status.driver === this.id && !this.pausing;
    if (status.state !== "running") this.pausing = false;
    if (document.activeElement !== this.rate || before.lr !== status.lr) this.rate.value = short(status.lr).replace("−", "-");
    this.ask();
    this.say(status.message, status.state === "failed");
    this.patient();
  }

  ask() {
    while (this.running && this.flying < this.depth) {
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
    this.refresh();
  }

  setRate(text) {
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

  layers(prefix) {
    const found = new Set();
    for (const run of this.runs) for (const name of Object.keys(run.series)) if (name.startsWith(prefix + "/")) found.add(name.slice(prefix.length + 1));
    return [...found];
  }

  marks() {
    return this.runs.flatMap((run, k) => (run.marks ?? []).map((mark) => ({ ...mark, run: k })));
  }

  panels(metrics) {
    if (this.metrics === String(metrics)) return;
    this.metrics = String(metrics);
    this.charts = panelsOf(metrics).map((panel) => new Chart(panel, this));
    this.grid.replaceChildren(...this.charts.map((chart) => chart.node));
  }

  refresh() {
    if (this.redraw) return;
    const wait = Math.max(0, REDRAW - (performance.now() - (this.drawn ?? 0)));
    this.redraw = setTimeout(() => {
      this.redraw = undefined;
      this.drawn = performance.now();
      this.draw();
    }, wait);
  }

  draw() {
    const { state, step, total, epoch, epochs } = this.status;
    const over = this.gone || ["finished", "stopped", "failed"].includes(state);
    const running = state === "running" && !this.gone && !this.pausing;
    const word = running ? "Pause" : step && !over ? "Resume" : "Start";
    if (this.start.dataset.word !== word) this.start.innerHTML = icon(running ? "pause" : "start") + `<span>${word}</span>`;
    this.start.dataset.word = word;
    for (const [button, off] of [[this.start, over], [this.single, over || running], [this.stop, over]]) button.disabled = off;
    for (const input of [this.rate, this.halve, this.double]) input.disabled = over;
    this.el.dataset.state = this.gone ? "gone" : state;
    this.bar.max = total || 1;
    this.bar.value = step;
    this.count.textContent = total ? `step ${whole(step)} of ${whole(total)}` : `step ${whole(step)}`;
    this.turn.textContent = epochs ? `epoch ${epoch} of ${epochs}` : "";
    this.fast.textContent = running && this.speed ? `${whole(this.speed)} steps/s` : "";
    this.legend.hidden = this.runs.length < 2;
    this.legend.innerHTML = this.runs.map((run, k) => `<li>${sample("plainly", k)} ${escaped(run.label)}</li>`).join("");
    for (const chart of this.charts) chart.draw();
    this.when();
  }

  points() {
    for (const chart of this.charts) chart.point();
    this.when();
  }

  when() {
    const each = this.status.steps_per_epoch;
    const epoch = each ? `, epoch ${Math.max(1, Math.ceil(this.now / each))}` : "";
    this.clock.textContent = !this.last ? "" : this.cursor === null ? "newest values" : `values at step ${whole(this.now)}${epoch}`;
  }

  say(message, wrong = false) {
    if (this.words.textContent !== message) this.words.textContent = message ?? "";
    this.words.classList.toggle("wrong", wrong);
  }

  build() {
    const button = (name, label, act, options = {}) => {
      const node = element("button", { type: "button", onclick: act, ...options });
      node.innerHTML = icon(name) + `<span>${label}</span>`;
      return node;
    };
    const times = (factor, label, sign) => element("button", { type: "button", class: "factor", "aria-label": label, title: label, onclick: () => this.setRate(this.status.lr * factor) }, sign);
    const tick = (label, set) => element("label", { class: "choice" }, element("input", { type: "checkbox", onchange: (e) => (set(e.target.checked), this.draw()) }), label);
    this.start = button("start", "Start", () => this.toggle(), { class: "primary" });
    this.single = button("step", "Single step", () => this.send({ type: "step" }));
    this.stop = button("stop", "Stop", () => this.send({ type: "stop" }));
    this.rate = element("input", {
      type: "text", inputmode: "decimal", size: "8", autocomplete: "off", spellcheck: "false",
      // In JupyterLab 4.6 Enter in an output's input fires no change event.
      onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), this.setRate(this.rate.value)),
    });
    [this.halve, this.double] = [times(0.5, "Halve the learning rate", "÷2"), times(2, "Double the learning rate", "×2")];
    this.bar = element("progress", { "aria-label": "Progress of the run", max: "1" });
    [this.turn, this.count, this.fast, this.clock] = ["turn", "count", "fast", "clock"].map((name) => element("span", { class: name }));
    this.words = element("p", { role: "status" });
    this.legend = element("ul", { class: "legend", "aria-label": "Runs", hidden: true });
    this.grid = element("div", { class: "charts" });
    this.el.classList.add("minidl-dashboard");
    // JupyterLab's own arrow keys would fold the headings of the notebook.
    for (const [name, value] of [["role", "group"], ["aria-label", "Training dashboard"], ["data-lm-suppress-shortcuts", "true"]]) this.el.setAttribute(name, value);
    this.el.replaceChildren(
      element("div", { class: "controls" },
        element("div", { class: "drive", role: "group", "aria-label": "Run" }, this.start, this.single, this.stop),
        element("div", { class: "rate", role: "group", "aria-label": "Learning rate" }, element("label", {}, "Learning rate ", this.rate), this.halve, this.double),
        element("div", { class: "choices" }, tick("Smooth", (on) => (this.smooth = on)), tick("Log scale", (on) => (this.log = on)))),
      element("div", { class: "progress" }, this.turn, this.bar, this.count, this.fast),
      element("div", { class: "words" }, this.words, this.clock),
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
