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
  "requestIdleCallback" in window ? requestIdleCallback(start, { timeout: 1000 }) : start();
}
