// The batch inspector: a batch to walk through, one item's steps, numbers before and after, what has leaked.

const STATES = { fine: ["✓", "fine"], alarm: ["!", "alarm"], open: ["i", "note"] };

function render({ model, el }) {
  let scene = model.get("scene");
  let waiting = false, next = null; // a question is out; what to ask when it is answered
  let wish = { ...scene }; // where the reader wants to be: ahead of the scene while the kernel works
  let refocus = false; // the chosen item gets the keyboard again when it is drawn

  const seed = make("input", { class: "mdl-field mdl-seed", type: "text", inputmode: "numeric", autocomplete: "off", "aria-label": "seed", value: scene.seed });
  const epochs = pager("epoch", (at) => [at.epoch, scene.epochs], (to) => go(to, wish.batch, wish.place));
  const batches = pager("batch", (at) => [at.batch, scene.batches], turn, "[", "]");
  const bar = make("div", { class: "mdl-bar", role: "group", "aria-label": "Where in the data" }, epochs.bar, batches.bar, make("label", { class: "mdl-key" }, "seed ", seed));
  const caption = make("p", { class: "mdl-title" });
  const items = make("div", { class: "mdl-items", role: "group" });
  const left = make("p", { class: "mdl-left" });
  const chosen = make("p", { class: "mdl-title" });
  const steps = make("ol", { class: "mdl-steps" });
  const feature = make("select", { class: "mdl-field", "aria-label": "numbers of", onchange: () => ask({ type: "compare", feature: Number(feature.value) }) });
  const charts = make("div", { class: "mdl-charts" });
  const numbers = make("div", { class: "mdl-numbers" }, make("p", { class: "mdl-title" }, "numbers ", feature), charts);
  const checks = make("ul", { class: "mdl-checks", "aria-label": "Leaks" });
  const say = make("p", { class: "mdl-say", role: "status" });
  const problem = make("p", { class: "mdl-notice" });
  const help = make("p", { class: "mdl-left" }, "Choose an item by a click or by the arrow keys; [ and ] turn the batches.");
  const root = make("section", { class: "mdl mdl-board mdl-inspector", "aria-label": "Batch inspector" }, bar, caption, items, left, help, chosen, steps, numbers, make("p", { class: "mdl-title" }, "leaks"), checks, say, problem);
  el.replaceChildren(root);

  function pager(name, where, to, back = "‹", forth = "›") {
    const count = make("span", { class: "mdl-count" });
    const step = (by) => {
      const [at, all] = where(wish);
      if (at + by >= 0 && at + by < all) to(at + by);
    };
    const less = button(back, `${name} before`, () => step(-1));
    const more = button(forth, `next ${name}`, () => step(1));
    const draw = () => {
      const [at, all] = where(scene);
      count.textContent = name === "batch" ? `batch ${Math.min(at + 1, all)} of ${all}` : `epoch ${at + 1}`;
      less.setAttribute("aria-disabled", String(at <= 0));
      more.setAttribute("aria-disabled", String(at >= all - 1));
    };
    return { bar: make("span", { class: "mdl-pager" }, less, count, more), draw };
  }

  /** One question at a time: while the kernel works, only the latest wish is kept. */
  function ask(message) {
    if (waiting) return void (next = message);
    waiting = true;
    model.send(message);
  }

  function go(epoch, batch, place) {
    wish = { epoch, batch, place };
    ask({ type: "go", epoch, batch, place });
  }

  function choose(place) {
    if (place < 0 || place >= scene.items.length) return;
    refocus = true;
    go(wish.epoch, wish.batch, place);
  }

  function turn(batch) {
    if (batch >= 0 && batch < scene.batches) go(wish.epoch, batch, 0);
  }

  // ------------------------------------------------------------ what is drawn

  function image({ rows, columns, shades }, side, words) {
    const canvas = make("canvas", { width: columns, height: rows, "aria-hidden": "true", title: words, style: `width: ${Math.round(side * Math.min(1, columns / rows))}px; height: ${Math.round(side * Math.min(1, rows / columns))}px` });
    const brush = canvas.getContext("2d"), dots = brush.createImageData(columns, rows);
    shades.forEach((shade, i) => dots.data.set([shade, shade, shade, 255], 4 * i));
    brush.putImageData(dots, 0, 0);
    return canvas;
  }

  function content(one, side) {
    if (one.picture) return image(one.picture, side, "");
    if (one.numbers) return make("span", { class: "mdl-row" }, one.numbers.map((text) => make("span", { class: "mdl-number" }, text)));
    return make("span", { class: "mdl-text" }, one.text);
  }

  function drawItems() {
    const pictures = scene.items.every((item) => item.picture);
    refocus ||= items.contains(root.getRootNode().activeElement); // these tiles are about to go
    items.toggleAttribute("data-rows", !pictures);
    items.setAttribute("aria-label", `Items of batch ${scene.batch + 1}`);
    items.replaceChildren(...scene.items.map((item, place) => {
      const words = item.label === "" ? "" : `, label ${item.label}`;
      const here = place === scene.place;
      const tile = make("button", { type: "button", class: "mdl-item", tabindex: here ? 0 : -1, "aria-pressed": String(here), "aria-label": `item ${item.index}${words}`, onclick: () => choose(place) }, content(item, 44), make("span", { class: "mdl-under" }, make("span", { class: "mdl-index" }, `#${item.index}`), item.label === "" ? null : make("b", {}, item.label)));
      return tile;
    }));
    caption.textContent = `${scene.name}: ${scene.size} ${scene.size === 1 ? "item" : "items"}, as the network gets them`;
    left.textContent = scene.size > scene.items.length ? `The first ${scene.items.length} of ${scene.size} are shown.` : "";
    if (refocus) items.children[scene.place]?.focus({ preventScroll: true });
    refocus = false;
  }

  function drawSteps() {
    const item = scene.items[scene.place];
    chosen.textContent = item ? `item ${item.index}, step by step` : "";
    steps.replaceChildren(...scene.steps.map((step) => make("li", {}, make("p", { class: "mdl-step" }, step.title, step.random ? make("span", { class: "mdl-dice" }, "random") : null), content(step, 104), make("p", { class: "mdl-key" }, step.facts))));
  }

  function chart(title, found) {
    const most = Math.max(1, ...found.counts), wide = 10;
    const bars = found.counts.map((count, i) => draw("rect", { x: i * wide + 0.5, y: 60 - (58 * count) / most, width: wide - 1, height: (58 * count) / most }));
    const words = `mean ${found.mean}, spread ${found.spread}`;
    const picture = draw("svg", { viewBox: `0 0 ${found.counts.length * wide} 61`, role: "img", "aria-label": `${title}: from ${found.low} to ${found.high}, ${words}` }, bars, draw("path", { class: "mdl-base", d: `M0 60.5H${found.counts.length * wide}` }));
    return make("div", { class: "mdl-chart" }, make("p", {}, make("b", {}, title), ` ${words}`), picture, make("p", { class: "mdl-ends mdl-key" }, make("span", {}, found.low), make("span", {}, found.high)));
  }

  function drawNumbers() {
    numbers.hidden = !scene.before && !scene.after;
    feature.hidden = scene.features.length < 2;
    if (feature.options.length !== scene.features.length) feature.replaceChildren(...scene.features.map((name, i) => make("option", { value: i }, name)));
    feature.value = scene.feature;
    const pairs = [[scene.after ? "before all steps" : "as they lie there", scene.before], ["after all steps", scene.after]];
    charts.replaceChildren(...pairs.filter(([, found]) => found).map(([title, found]) => chart(title, found)));
  }

  function drawChecks() {
    checks.replaceChildren(...scene.checks.map(({ state, words }) => make("li", { class: `mdl-${state}` }, make("span", { class: "mdl-sign", "aria-hidden": "true" }, STATES[state][0]), make("b", {}, STATES[state][1]), ` ${words}`)));
  }

  function sentence() {
    const item = scene.items[scene.place];
    if (!item) return "This batch is empty.";
    const alarms = scene.checks.filter(({ state }) => state === "alarm").length;
    const warned = alarms ? ` ${alarms} ${alarms === 1 ? "alarm" : "alarms"}: see leaks.` : "";
    return `Epoch ${scene.epoch + 1}, batch ${scene.batch + 1} of ${scene.batches}, item ${item.index}${item.label === "" ? "" : `, label ${item.label}`}.${warned}`;
  }

  function show() {
    epochs.draw();
    batches.draw();
    if (root.getRootNode().activeElement !== seed) seed.value = scene.seed;
    drawItems();
    drawSteps();
    drawNumbers();
    drawChecks();
    problem.textContent = scene.problem;
    say.textContent = sentence();
  }

  // ------------------------------------------------------------ hands

  function beside(key) {
    const tiles = [...items.children], at = wish.place;
    if (key === "ArrowLeft") return at - 1;
    if (key === "ArrowRight") return at + 1;
    if (key === "Home") return 0;
    if (key === "End") return tiles.length - 1;
    const across = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length || 1;
    return at + (key === "ArrowUp" ? -across : across);
  }

  items.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own meaning for arrows
    choose(beside(event.key));
  });
  root.addEventListener("keydown", (event) => {
    if (!["[", "]"].includes(event.key) || event.target.matches("input")) return;
    event.preventDefault();
    event.stopPropagation();
    turn(wish.batch + (event.key === "]" ? 1 : -1));
  });
  feature.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());
  whenEntered(seed, (text) => ask({ type: "seed", seed: text }));

  function answered() {
    scene = model.get("scene");
    waiting = false;
    if (!next) wish = { ...scene };
    show();
    if (!next) return;
    const message = next;
    next = null;
    ask(message);
  }

  model.on("change:scene", answered);
  savePictures(model);
  show();
  return () => model.off("change:scene", answered);
}

export default { render };
