// What every widget's page needs: making elements, asking the kernel. Joined in front of each widget.

const SVG = "http://www.w3.org/2000/svg";
const VIEW = "application/vnd.jupyter.widget-view+json";
const PICTURE = "image/svg+xml";
const PICTURED = /class="(mdl-svg|minidl-\w+)"/; // the pictures that our widgets bring with them

/** make("button", { class: "mdl-button", onclick: f }, "Play"): an element, its attributes, its children. */
function make(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same for a drawing: make a path, a line, a group. */
function draw(tag, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A button with a short text and, for who hears or hovers, a longer one. */
function button(text, label, onclick) {
  return make("button", { type: "button", class: "mdl-button", "aria-label": label, title: label, onclick }, text);
}

/** Enter in an input inside a JupyterLab output fires no `change`; so listen to the key as well. */
function whenEntered(input, answer) {
  let last = input.value;
  const commit = () => {
    if (input.value !== last) answer((last = input.value));
  };
  input.addEventListener("change", commit);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") commit();
    event.stopPropagation(); // JupyterLab's own shortcuts must not hear what is typed here
  });
}

/** True where the reader asked for less motion: then changes are shown, not played. */
function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** JupyterLab saves the picture and not the live view, which is the name of something in this kernel: opened
    another day, with another kernel, it would be an error in the picture's place. */
function savePictures(model) {
  const notebook = model.widget_manager?.context?.model;
  if (!notebook?.toJSON || notebook.mdlSaves) return;
  const whole = notebook.toJSON.bind(notebook);
  const ours = (data) => data?.[VIEW] && PICTURED.test([data[PICTURE]].flat().join(""));
  const still = (output) => (ours(output.data) ? { ...output, data: { ...output.data, [VIEW]: undefined } } : output);
  notebook.mdlSaves = true;
  notebook.toJSON = () => {
    const book = whole();
    return { ...book, cells: book.cells.map((cell) => (cell.outputs ? { ...cell, outputs: cell.outputs.map(still) } : cell)) };
  };
}
