// Curves on a log scale, whose places are pointed at or walked through. Joined in front of two widgets.

const DASHES = ["", "7 4", "2 4"];
const DOTS = ["M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0Z", "M0-4.5L4 3.5H-4Z", "M-3.5-3.5h7v7h-7Z"];
const EDGES = { up: "M0-6L4 0H-4Z", down: "M0 6L4 0H-4Z", gone: "M-4-4L4 4M4-4L-4 4" };

/** The chart of view(), as it is at each show(); `at` is the place that is told of, or null; tell() hears of a change. */
function curvePlot([wide, tall], axis, noun, view, tell) {
  const low = tall - 40;
  const sheet = draw("svg", { class: "mdl-curves", viewBox: `0 0 ${wide} ${tall}`, "aria-hidden": "true" });
  const plot = make("button", { type: "button", class: "mdl-plot" }, sheet);
  const chart = { plot, legend: make("p", { class: "mdl-legend" }), at: null, show };

  function show(at) {
    const { series, ticks, labels, xs, here } = view();
    chart.at = at === null || !xs.length ? null : Math.max(0, Math.min(xs.length - 1, at));
    const lines = ticks.map((tick) => [draw("path", { class: tick.one ? "mdl-one" : "mdl-rule", d: `M58 ${tick.y}H${wide - 18}` }), draw("text", { x: 50, y: tick.y + 4, "text-anchor": "end" }, tick.text)]);
    const names = labels.map((label) => draw("text", { x: label.x, y: low + 17, "text-anchor": "middle" }, label.text));
    const below = draw("text", { x: (58 + wide) / 2, y: low + 34, "text-anchor": "middle" }, axis);
    const now = typeof here === "number" ? [draw("path", { class: "mdl-now", d: `M${here} 10V${low}` })] : [];
    const told = chart.at === null ? [] : [draw("path", { class: "mdl-here", d: `M${xs[chart.at]} 10V${low}` })];
    sheet.replaceChildren(...lines.flat(), ...names, below, ...now, ...told, ...series.map(curve));
    chart.legend.replaceChildren(...series.map(sign));
    plot.setAttribute("aria-label", `${series.map((one) => one.name).join(", ")} at ${xs.length} depths: arrow keys go from ${noun} to ${noun}`);
    tell();
  }

  function nearest(event) {
    const box = sheet.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * wide;
    return view().xs.reduce((best, at, i, xs) => (Math.abs(at - x) < Math.abs(xs[best] - x) ? i : best), 0);
  }

  plot.addEventListener("pointermove", (event) => show(nearest(event)));
  plot.addEventListener("pointerleave", () => plot.getRootNode().activeElement === plot || show(null));
  plot.addEventListener("click", (event) => event.detail && show(nearest(event)));
  plot.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const end = view().xs.length - 1;
    const next = { ArrowLeft: (chart.at ?? 1) - 1, ArrowRight: (chart.at ?? -1) + 1, Home: 0, End: end }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own meaning for these keys
    show(next);
  });
  return chart;
}

function curve(one, i) {
  const line = draw("polyline", { points: one.points.map(([x, y]) => `${x},${y}`).join(" "), "stroke-dasharray": DASHES[i] });
  const marks = one.points.map(([x, y, edge]) => draw("path", { class: edge ? "mdl-edge" : "mdl-dot", d: EDGES[edge] ?? DOTS[i], transform: `translate(${x} ${y})` }));
  return draw("g", { class: `mdl-s${i}` }, line, marks);
}

/** A curve's dash and mark beside its name. */
function sign(one, i) {
  const line = draw("path", { class: "mdl-line", d: "M-18 0H18", "stroke-dasharray": DASHES[i] });
  return make("span", {}, draw("svg", { class: `mdl-sign mdl-s${i}`, viewBox: "-18 -8 36 16", "aria-hidden": "true" }, line, draw("path", { class: "mdl-dot", d: DOTS[i] })), ` ${one.name} `);
}
