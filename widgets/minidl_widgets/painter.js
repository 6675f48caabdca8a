// The kernel painter: a picture, a kernel to paint, its map; or a network's maps. A point on a map frames what it looks at.

function render({ model, el }) {
  let scene = model.get("scene");
  let brush = null; // what a drag paints, or null for typing
  let which = 0, point = [0, 0], lit = false; // the map and the number on it
  let table = []; // the kernel's fields

  const send = (message) => model.send(message);
  const say = make("p", { class: "mdl-say", role: "status" });
  const problem = make("p", { class: "mdl-notice" });
  const left = make("p", { class: "mdl-left" });
  const tools = make("div", { class: "mdl-tools" });
  const picture = make("div", { class: "mdl-picture" });
  const kernel = make("div", { class: "mdl-kernel" });
  const maps = make("div", { class: "mdl-maps" });
  const root = make("section", { class: "mdl mdl-board mdl-painter", "aria-label": "Kernel painter" }, tools, problem, say, make("div", { class: "mdl-sheet" }, picture, kernel, maps), left);
  el.replaceChildren(root);
  addEventListener("pointerup", stopPainting);
  let painting = false, stroke = ""; // the last stroke's name, until the kernel's answer bears it
  function stopPainting() {
    painting = false;
  }

  const short = (number) => String(Number(number.toPrecision(3)));

  /** Shades as an image of their own dots, with room for a frame above. */
  function image(drawn, width, label) {
    const canvas = make("canvas", { width: drawn.columns, height: drawn.rows, "aria-hidden": "true" });
    const ink = canvas.getContext("2d"), dots = ink.createImageData(drawn.columns, drawn.rows);
    drawn.shades.forEach((shade, i) => dots.data.set([shade, shade, shade, 255], 4 * i));
    ink.putImageData(dots, 0, 0);
    const frame = draw("svg", { viewBox: `0 0 ${drawn.columns} ${drawn.rows}`, "aria-hidden": "true" });
    const tall = Math.min(1, (1.4 * drawn.columns) / drawn.rows);
    const box = make("div", { class: "mdl-image", style: `width:${Math.round(width * tall)}px;aspect-ratio:${drawn.columns}/${drawn.rows}` }, canvas, frame);
    if (label) box.setAttribute("role", "img"), box.setAttribute("aria-label", label);
    return { box, frame };
  }

  const sheet = { picture: null, maps: [] };

  function drawPicture() {
    const { rows, columns } = scene.picture;
    sheet.picture = image(scene.picture, 230, `${scene.name}, ${rows} by ${columns} dots`);
    picture.replaceChildren(make("p", { class: "mdl-title" }, scene.name, make("span", { class: "mdl-key" }, ` ${rows} x ${columns}`)), sheet.picture.box);
  }

  function drawMaps() {
    which = Math.min(which, Math.max(0, scene.maps.length - 1));
    const width = scene.maps.length > 16 ? 64 : scene.maps.length > 1 ? 84 : 230;
    sheet.maps = scene.maps.map((drawn, i) => {
      const { box, frame } = image(drawn, width, "");
      const button = make("button", { type: "button", class: "mdl-map", tabindex: i === which ? 0 : -1, "aria-label": `${drawn.title}, ${drawn.rows} by ${drawn.columns}: arrow keys move` }, box);
      button.addEventListener("pointermove", (event) => choose(i, ...under(event, box, drawn)));
      button.addEventListener("click", (event) => event.detail && choose(i, ...under(event, box, drawn)));
      button.addEventListener("focus", () => which !== i || !lit ? choose(i, ...point) : null);
      button.addEventListener("keydown", (event) => walk(event, i));
      return { button, frame };
    });
    maps.replaceChildren(make("p", { class: "mdl-title" }, scene.title), make("div", { class: "mdl-row" }, sheet.maps.map(({ button }) => button)));
    if (lit && scene.maps.length) choose(which, ...point);
    else if (!scene.maps.length) say.textContent = "There is no map.";
    else say.textContent = "Point at a number of a map, or walk there with Tab and arrow keys: what it looks at is framed.";
  }

  function under(event, box, drawn) {
    const area = box.getBoundingClientRect();
    return [((event.clientY - area.top) / area.height) * drawn.rows, ((event.clientX - area.left) / area.width) * drawn.columns].map(Math.floor);
  }

  /** Frame one number of a map, and in the picture what it looks at. */
  function choose(i, r, c) {
    const drawn = scene.maps[i];
    if (!drawn) return;
    [which, lit] = [i, true];
    point = [Math.max(0, Math.min(drawn.rows - 1, r)), Math.max(0, Math.min(drawn.columns - 1, c))];
    sheet.maps.forEach(({ button, frame }, n) => {
      button.tabIndex = n === i ? 0 : -1;
      button.toggleAttribute("data-chosen", n === i);
      frame.replaceChildren(...(n === i ? framed(point[1], point[0], 1, 1) : []));
    });
    const number = drawn.numbers[point[0] * drawn.columns + point[1]];
    const found = `${drawn.title}, row ${point[0]}, column ${point[1]}: ${number}.`;
    const field = scene.field;
    if (!field) {
      sheet.picture.frame.replaceChildren();
      say.textContent = `${found} Which dots it looks at cannot be told: the layers before it are no plain chain of windows.`;
      return;
    }
    const [y, x] = [0, 1].map((d) => field.start[d] + point[d] * field.step[d]);
    const [tall, wide] = field.span;
    const parts = field.gap[0] * field.gap[1] > 1 ? spread(x, y, field) : [];
    sheet.picture.frame.replaceChildren(...framed(x, y, wide, tall), ...parts);
    const outside = y < 0 || x < 0 || y + tall > scene.picture.rows || x + wide > scene.picture.columns;
    say.textContent = `${found} It looks at rows ${y} to ${y + tall - 1} and columns ${x} to ${x + wide - 1} of ${scene.name}${outside ? ", partly outside, where zeros stand" : ""}.`;
  }

  /** With dilation: the dots that are looked at, one by one. */
  function spread(x, y, { span, gap }) {
    const dots = [];
    for (let r = 0; r < span[0]; r += gap[0]) for (let c = 0; c < span[1]; c += gap[1]) dots.push(draw("rect", { class: "mdl-dot", x: x + c + 0.1, y: y + r + 0.1, width: 0.8, height: 0.8 }));
    return dots;
  }

  function framed(x, y, width, height) {
    const place = { x, y, width, height };
    return [draw("rect", { class: "mdl-under", ...place }), draw("rect", { class: "mdl-frame", ...place })];
  }

  function walk(event, i) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const next = { "[": i - 1, "]": i + 1 }[event.key];
    if (!way && next === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own meaning for these keys
    if (way) choose(i, point[0] + way[0], point[1] + way[1]);
    else if (sheet.maps[next]) {
      choose(next, ...point);
      sheet.maps[next].button.focus();
    }
  }

  // ------------------------------------------------------------ the kernel

  const numberOf = (field) => (field.value === field.shown ? field.exact : Number(field.value) || 0); // 0.111 stands for a ninth
  const painted = () => table.map((row) => row.map(numberOf));
  const paint = () => send({ type: "paint", kernel: painted(), stroke: (stroke = String(Math.random())) });

  /** All numbers anew, by a button: no stroke is waited for. */
  function begin(rows) {
    stroke = "";
    send({ type: "paint", kernel: rows });
  }

  function drawKernel() {
    if (scene.mode !== "paint") return;
    if (stroke && scene.stroke !== stroke) return; // an answer to an earlier stroke would undo this one
    stroke = "";
    const same = table.length === scene.kernel.length && table[0]?.length === scene.kernel[0].length;
    if (same) return scene.kernel.forEach((row, r) => row.forEach((number, c) => renew(table[r][c], number)));
    table = scene.kernel.map((row, r) => row.map((number, c) => weight(number, r, c)));
    const grid = make("div", { class: "mdl-table", role: "group", "aria-label": "The kernel", style: `grid-template-columns: repeat(${table[0].length}, 52px)` }, table.flat());
    kernel.replaceChildren(make("p", { class: "mdl-title" }, "kernel"), grid, brushes(), sizes());
  }

  function renew(field, number) {
    if (numberOf(field) !== number) [field.value, field.shown, field.exact] = [short(number), short(number), number];
    shade(field);
  }

  /** A number of the kernel: typed, stepped by arrow keys, or painted by the brush. */
  function weight(number, r, c) {
    const field = make("input", { type: "number", step: "0.5", class: "mdl-field mdl-weight", "aria-label": `row ${r}, column ${c}`, value: short(number) });
    [field.shown, field.exact] = [short(number), number];
    const dip = () => {
      field.value = brush;
      shade(field);
      paint();
    };
    field.addEventListener("input", () => (shade(field), paint()));
    field.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab must not hear what is typed
    field.addEventListener("pointerdown", (event) => {
      if (brush === null) return;
      event.preventDefault();
      field.releasePointerCapture?.(event.pointerId);
      painting = true;
      dip();
    });
    field.addEventListener("pointerenter", () => painting && brush !== null && dip());
    shade(field);
    return field;
  }

  function shade(field) {
    const number = Number(field.value) || 0;
    field.dataset.sign = number > 0 ? "plus" : number < 0 ? "minus" : "zero";
  }

  function brushes() {
    const choices = [["type", null], ["−1", -1], ["0", 0], ["+1", 1]];
    const buttons = choices.map(([words, value]) => make("button", { type: "button", class: "mdl-button", "aria-pressed": String(brush === value), onclick: () => {
      brush = value;
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(choices[i][1] === value)));
      kernel.toggleAttribute("data-brush", value !== null);
    } }, words));
    return make("div", { class: "mdl-brushes", role: "group", "aria-label": "Brush" }, make("span", { class: "mdl-key" }, "brush"), buttons);
  }

  function sizes() {
    const sized = (n) => Array.from({ length: n }, (_, r) => Array.from({ length: n }, (_, c) => scene.kernel[r]?.[c] ?? 0));
    const choose = make("select", { class: "mdl-field", "aria-label": "size", onchange: () => begin(sized(Number(choose.value))) }, [1, 2, 3, 5, 7].map((n) => make("option", { value: n, selected: n === scene.kernel.length }, `${n} x ${n}`)));
    return make("label", { class: "mdl-key" }, "size ", choose);
  }

  // ------------------------------------------------------------ the tools

  function drawTools() {
    if (scene.mode === "maps") {
      const chosen = make("select", { class: "mdl-field", "aria-label": "layer", onchange: () => send({ type: "look", layer: Number(chosen.value) }) }, scene.layers.map((title, i) => make("option", { value: i, selected: i === scene.layer }, title)));
      return tools.replaceChildren(make("label", { class: "mdl-key" }, "layer ", chosen));
    }
    const presets = Object.entries(scene.presets).map(([name, rows]) => make("button", { type: "button", class: "mdl-button", onclick: () => begin(rows) }, name));
    const screws = Object.entries(scene.screws).map(([name, value]) => {
      const field = make("input", { type: "number", class: "mdl-field", min: name === "padding" ? 0 : 1, max: 20, value, "aria-label": name });
      field.addEventListener("input", () => field.value !== "" && send({ type: "turn", name, value: Number(field.value) }));
      field.addEventListener("keydown", (event) => event.stopPropagation());
      return make("label", { class: "mdl-key" }, `${name} `, field);
    });
    return tools.replaceChildren(make("div", { class: "mdl-row", role: "group", "aria-label": "Kernels to begin with" }, presets), make("div", { class: "mdl-row" }, screws));
  }

  function told() {
    problem.textContent = scene.problem;
    left.textContent = scene.left;
  }

  function answered() {
    const focused = sheet.maps.some(({ button }) => button === root.getRootNode().activeElement);
    scene = model.get("scene");
    told();
    drawKernel();
    drawMaps();
    if (focused) sheet.maps[which]?.button.focus();
  }

  model.on("change:scene", answered);
  savePictures(model);
  drawTools();
  drawPicture();
  told();
  drawKernel();
  drawMaps();
  return () => {
    removeEventListener("pointerup", stopPainting);
    model.off("change:scene", answered);
  };
}

export default { render };
