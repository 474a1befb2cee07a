() => {
  const items = "[data-review]";
  const fields = "input, textarea, select, [contenteditable]";
  const mark = (item) => {
    if (!item) return;
    for (const marked of document.querySelectorAll(`${items}[data-current]`)) delete marked.dataset.current;
    item.dataset.current = "true";
  };
  for (const one of document.querySelectorAll("[data-keys]")) {
    one.setAttribute("aria-keyshortcuts", one.dataset.keys);
  }
  mark(document.querySelector(items));
  addEventListener("focusin", ({ target }) => mark(target.closest(items)));
  addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!/^[1-9ynsu]$/.test(key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented || event.repeat || event.isComposing) return;
    if (event.target.closest?.(fields) || document.querySelector("dialog[open]")) return;
    const target =
      key === "u"
        ? document.querySelector("[data-testid=flash-button]")
        : document.querySelector(`${items}[data-current] [data-keys~="${key}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });
}
