// What anywidget hands to a widget, and nothing more; `kernel` is the log that the tests read.
window.kernel = { traits: {}, listeners: {}, sent: [], saved: [], changed: {} };
window.model = {
  get: name => kernel.traits[name],
  set: (name, value) => {
    kernel.traits[name] = kernel.changed[name] = value;
    model.emit(`change:${name}`, model, value);
  },
  save_changes: () => {
    kernel.saved.push(kernel.changed);
    kernel.changed = {};
    model.emit('change');
  },
  send: content => { kernel.sent.push(content); },
  on: (names, f) => names.split(' ').forEach(name => (kernel.listeners[name] ??= []).push(f)),
  off: (names, f) => (names ? names.split(' ') : Object.keys(kernel.listeners)).forEach(name => {
    kernel.listeners[name] = (kernel.listeners[name] ?? []).filter(g => f && g !== f);
  }),
  emit: (name, ...rest) => [...(kernel.listeners[name] ?? [])].forEach(f => f(...rest)),
  widget_manager: {},
};

// anywidget imports the module from a blob, where a relative import fails: so does this page.
window.draw = async ({ esm, css, traits }) => {
  Object.assign(kernel.traits, traits);
  const style = Object.assign(document.createElement('style'), { textContent: css });
  document.head.appendChild(style);
  const url = URL.createObjectURL(new Blob([esm], { type: 'text/javascript' }));
  let widget = (await import(url)).default;
  if (typeof widget === 'function') widget = await widget();
  const el = document.getElementById('widget');
  const undo = [await widget.initialize?.({ model }), await widget.render?.({ model, el })];
  window.dispose = () => undo.reverse().forEach(f => f?.());
};
