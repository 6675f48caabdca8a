// The badge with switches: a row for each part of minidl, a switch where the learner has built one.
//
// All sentences are the kernel's. A switch is a button with the role of one; it waits for the kernel's answer.

function toggle(part, ask) {
  const label = part.yours ? "yours" : "minidl’s";
  if (!part.switch) return make("span", { class: "owner" }, label);
  return make(
    "button",
    {
      class: "mdl-button switch",
      type: "button",
      role: "switch",
      "aria-checked": String(part.yours),
      "aria-label": `${part.name}: run on my code`,
      "data-name": part.name,
      onclick: () => ask(part),
    },
    make("span", { class: "track", "aria-hidden": "true" }, make("span", { class: "knob" })),
    make("span", { "aria-hidden": "true" }, label),
  );
}

function row(part, ask) {
  return make(
    "li",
    { class: part.yours ? "yours" : "theirs" },
    make("code", {}, part.name),
    toggle(part, ask),
    make("span", { class: "why" }, part.why),
  );
}

function render({ model, el }) {
  const list = make("ul");
  const status = make("p", { class: "status", role: "status" });
  const root = make("section", { class: "mdl mdl-pieces", "aria-label": "Whose each part of minidl is" });
  root.append(list, status);
  el.append(root);

  let asked = "";
  const ask = (part) => {
    asked = part.name;
    model.send({ type: "switch", name: part.name, yours: !part.yours });
  };

  function paint() {
    const parts = model.get("parts");
    const focused = root.getRootNode().activeElement;
    const held = list.contains(focused) ? focused.dataset.name : "";
    list.replaceChildren(...parts.map((part) => row(part, ask)));
    const now = parts.find((part) => part.name === asked);
    status.textContent = now ? now.said : parts.length ? "" : model.get("nothing");
    if (held) [...list.querySelectorAll(".switch")].find((one) => one.dataset.name === held)?.focus();
  }

  model.on("change:parts", paint);
  savePictures(model);
  paint();
  return () => model.off("change:parts", paint);
}

export default { render };
