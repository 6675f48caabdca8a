// The learner's progress: a row for each lesson, a button for each exercise, a sentence for the one that is looked at.
//
// All sentences are the kernel's. Arrow keys walk over the exercises, which are one tab stop; up and down change the
// lesson. When the window is looked at again, the kernel is asked to read its file again.

const SIGNS = { done: "✓", begun: "…", new: "" };

function chip(exercise, look) {
  const sign = make("span", { class: "sign", "aria-hidden": "true" }, SIGNS[exercise.state]);
  return make(
    "button",
    {
      class: `mdl-button chip ${exercise.state}`,
      type: "button",
      tabindex: "-1",
      title: exercise.said,
      "aria-label": exercise.said,
      "data-id": exercise.id,
      onfocus: () => look(exercise),
      onclick: () => look(exercise),
    },
    sign,
    exercise.name,
  );
}

function row(lesson, look) {
  const bar = make("progress", { max: 1, value: lesson.share, "aria-label": `${lesson.title}: points` });
  const chips = make("div", { class: "chips", role: "group", "aria-label": lesson.title }, lesson.exercises.map((one) => chip(one, look)));
  return make(
    "li",
    {},
    make("div", { class: "head" }, make("span", { class: "title" }, lesson.title), make("span", { class: "said" }, lesson.said), bar),
    chips,
  );
}

// Where an arrow leads from one exercise: beside it in its lesson, or the same place in the lesson above or below.
function neighbour(rows, key, at) {
  const line = rows.findIndex((chips) => chips.includes(at));
  const place = rows[line].indexOf(at);
  const all = rows.flat();
  const k = all.indexOf(at);
  if (key === "ArrowRight") return all[k + 1];
  if (key === "ArrowLeft") return all[k - 1];
  if (key === "Home") return all[0];
  if (key === "End") return all[all.length - 1];
  const next = rows[line + { ArrowDown: 1, ArrowUp: -1 }[key]];
  return next?.[Math.min(place, next.length - 1)];
}

function render({ model, el }) {
  const total = make("progress", { max: 1, "aria-label": "All points" });
  const said = make("span", { class: "title" });
  const list = make("ul");
  const status = make("p", { class: "status", role: "status" });
  const note = make("span");
  const again = make("button", { class: "mdl-button", type: "button", onclick: () => model.send({ type: "look" }) }, "Look again");
  const root = make("section", { class: "mdl mdl-progress", "aria-label": "Progress in the course" });
  root.append(make("div", { class: "head whole" }, said, total), list, status, make("div", { class: "foot" }, note, again));
  el.append(root);

  let seen = "";
  const chips = () => [...list.querySelectorAll(".chip")];
  const look = (exercise) => {
    seen = exercise.id;
    status.textContent = exercise.said;
    for (const one of chips()) one.tabIndex = one.dataset.id === seen ? 0 : -1;
  };

  function paint() {
    const course = model.get("course");
    const held = list.contains(root.getRootNode().activeElement);
    said.textContent = course.said;
    total.value = course.share;
    note.textContent = course.note;
    list.replaceChildren(...course.lessons.map((lesson) => row(lesson, look)));
    const all = course.lessons.flatMap((lesson) => lesson.exercises);
    const known = all.find((one) => one.id === seen);
    const first = known ?? all.find((one) => one.state !== "done") ?? all[0];
    for (const one of chips()) one.tabIndex = one.dataset.id === first?.id ? 0 : -1;
    status.textContent = known?.said ?? "";
    if (held && known) chips().find((one) => one.dataset.id === seen).focus();
  }

  list.addEventListener("keydown", (event) => {
    if (!/^(Arrow|Home$|End$)/.test(event.key) || !event.target.closest(".chip")) return;
    const rows = [...list.querySelectorAll(".chips")].map((line) => [...line.querySelectorAll(".chip")]);
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would walk to another cell
    neighbour(rows.filter((chips) => chips.length), event.key, event.target.closest(".chip"))?.focus();
  });

  const returned = () => document.visibilityState === "visible" && model.send({ type: "look" });
  document.addEventListener("visibilitychange", returned);
  model.on("change:course", paint);
  savePictures(model);
  paint();
  return () => {
    document.removeEventListener("visibilitychange", returned);
    model.off("change:course", paint);
  };
}

export default { render };
