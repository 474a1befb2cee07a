(base) => {
  const start = async () => {
    const wasm = fetch(`${base}/coffer.wasm`);
    const module = await import(`${base}/coffer.js`);
    await module.default({ module_or_path: wasm });
    module.hydrate();
    for (const island of document.querySelectorAll("leptos-island")) {
      module[island.dataset.component]?.(island);
    }
    document.documentElement.dataset.hydrated = "true";
  };
  // With Shift, a tick takes those since the last one along.
  let last;
  addEventListener("click", ({ target, shiftKey }) => {
    if (!target.matches?.("input[name='ids[]']")) return;
    const ticks = [...document.querySelectorAll("input[name='ids[]']")];
    const [from, to] = [ticks.indexOf(last), ticks.indexOf(target)].sort((a, b) => a - b);
    if (shiftKey && from >= 0) {
      for (const tick of ticks.slice(from, to + 1)) tick.checked = target.checked;
      getSelection()?.removeAllRanges();
    }
    last = target;
  });
  "requestIdleCallback" in window ? requestIdleCallback(start, { timeout: 1000 }) : start();
  // Where somebody lives, for whoever has not chosen. What the server has noted stands behind it in the cookie.
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const region = new Intl.Locale(locale);
  const { firstDay = "" } = region.getWeekInfo?.() ?? region.weekInfo ?? {};
  const days = `coffer.days=${timeZone}:${firstDay}:`;
  if (!document.cookie.includes(days)) {
    document.cookie = `${days}; Path=/; Max-Age=31536000; SameSite=Lax`;
  }
}
