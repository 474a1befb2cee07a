// Differences between two normalised logs, as short lines.
const show = (item) => {
  const text = JSON.stringify(item);
  return text === undefined ? "nothing" : text.length > 160 ? `${text.slice(0, 157)}...` : text;
};

// A server may add to what the reference says only where it is listed here.
const EXTRA_KEYS = [
  [/GET \/api\/auth\/list-accounts/, "provider"], // name of providerId in 1.2.8
];
const NOT_COMPARED = new Set(["request", "of"]); // shown only; a request can carry a token of the server's own
const ONE_WAY = new Set(["cache-control", "pragma"]); // compared only where the reference sends them

export function differences(reference, candidate) {
  const out = [];
  const count = Math.max(reference.length, candidate.length);
  for (let i = 0; i < count; i++) {
    const a = reference[i];
    const b = candidate[i];
    if (!a || !b) {
      out.push(`step ${i + 1}: only the ${a ? "reference" : "candidate"} has ${show(a ?? b)}`);
      break;
    }
    const name = `step ${i + 1}${a.label ? ` (${a.label})` : ""}`;
    const extras = EXTRA_KEYS.filter(([path]) => path.test(a.request ?? a.of ?? "")).map(([, key]) => key);
    walk(a, b, name, extras, out);
  }
  return out;
}

function walk(a, b, path, extras, out) {
  if (a && b && typeof a === "object" && typeof b === "object" && Array.isArray(a) === Array.isArray(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    for (const key of keys) {
      if (NOT_COMPARED.has(key)) continue;
      if (ONE_WAY.has(key) && !(key in a)) continue;
      if (extras.includes(key) && !(key in a)) continue;
      if (!(key in a)) out.push(`${path}.${key}: reference has no such key, candidate ${show(b[key])}`);
      else if (!(key in b)) out.push(`${path}.${key}: reference ${show(a[key])}, candidate has no such key`);
      else walk(a[key], b[key], `${path}.${key}`, extras, out);
    }
    return;
  }
  if (!Object.is(a, b)) out.push(`${path}: reference ${show(a)}, candidate ${show(b)}`);
}
