// Writes FILE.br and FILE.gz beside each file below a folder that gets smaller by it, and removes those whose file is gone.
// Use: node scripts/precompress.mjs FOLDER
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESSIBLE = /\.(css|html|ico|js|json|map|mjs|svg|txt|wasm|webmanifest|xml)$/;
const ENCODINGS = [
  { extension: ".br", encode: brotli },
  { extension: ".gz", encode: (bytes) => gzipSync(bytes, { level: 9 }) },
];

function brotli(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** The compressed file carries its source's time: equal times mean that it is of this source. */
function isCurrent(path, target) {
  return existsSync(target) && Math.abs(statSync(target).mtimeMs - statSync(path).mtimeMs) < 1;
}

function compress(path) {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  for (const { extension, encode } of ENCODINGS) {
    const target = path + extension;
    if (isCurrent(path, target)) continue;
    const encoded = encode(bytes);
    if (encoded.length >= bytes.length) {
      rmSync(target, { force: true });
      continue;
    }
    writeFileSync(target, encoded);
    utimesSync(target, atime, mtime);
  }
}

function removeStale(paths) {
  const present = new Set(paths);
  for (const path of paths) {
    const source = ENCODINGS.find(({ extension }) => path.endsWith(extension)) && path.slice(0, -3);
    if (source && !(present.has(source) && COMPRESSIBLE.test(source))) rmSync(path);
  }
}

const folder = process.argv[2];
if (!folder) {
  console.error("use: node scripts/precompress.mjs FOLDER");
  process.exit(2);
}
const paths = filesBelow(folder);
removeStale(paths);
const sources = paths.filter((path) => COMPRESSIBLE.test(path));
sources.forEach(compress);
for (const path of sources) {
  const brotliSize = existsSync(`${path}.br`) ? statSync(`${path}.br`).size : null;
  console.log(`${path}: ${statSync(path).size} bytes${brotliSize === null ? "" : `, ${brotliSize} as brotli`}`);
}
