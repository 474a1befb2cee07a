// Reads a file away from the page, which stays quick meanwhile. Nothing leaves the device.
import init, { look } from "bindgen";

const ready = init({ module_or_path: new URL("reader.wasm", self.location.href) });

self.onmessage = async ({ data: { id, file, currency, mask, today } }) => {
  await ready;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { problem, lines, columns, cells } = look(bytes, currency, mask, today);
  self.postMessage({ id, problem, lines, columns, cells });
};
