// HTTP by hand: only the headers a scenario names are sent (fetch would add Sec-Fetch-Mode and
// others, and the origin rules depend on those), redirects are never followed, and every
// Set-Cookie line is kept apart.
import http from "node:http";

export function send({ connect, path, method = "GET", headers = {}, body, timeout = 15000 }) {
  const target = new URL(path, connect);
  return new Promise((done, fail) => {
    const req = http.request(
      {
        hostname: target.hostname === "localhost" ? "127.0.0.1" : target.hostname,
        port: target.port,
        path: target.pathname + target.search,
        method,
        headers: {
          host: target.host,
          ...headers,
          ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
        },
        agent: false,
      },
      (res) => {
        const chunks = [];
        res.on("data", (chunk) => chunks.push(chunk));
        res.on("end", () =>
          done({
            status: res.statusCode,
            headers: res.headers,
            setCookies: res.headers["set-cookie"] ?? [],
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    req.setTimeout(timeout, () => req.destroy(new Error(`no answer in ${timeout} ms: ${method} ${path}`)));
    req.on("error", fail);
    req.end(body);
  });
}

export function parseSetCookie(line) {
  const [pair, ...attributes] = line.split(";").map((part) => part.trim());
  const eq = pair.indexOf("=");
  const cookie = { name: pair.slice(0, eq), value: pair.slice(eq + 1), attributes: {} };
  for (const attribute of attributes) {
    const [key, ...rest] = attribute.split("=");
    cookie.attributes[key.toLowerCase()] = rest.length ? rest.join("=") : true;
  }
  return cookie;
}

// One cookie jar per browser. Values are kept exactly as they came (still percent-encoded).
export class Jar {
  constructor(entries = []) {
    this.map = new Map(entries);
  }
  clone() {
    return new Jar(this.map);
  }
  get(name) {
    return this.map.get(name) ?? null;
  }
  set(name, value) {
    this.map.set(name, value);
    return this;
  }
  delete(name) {
    this.map.delete(name);
    return this;
  }
  names() {
    return [...this.map.keys()].sort();
  }
  absorb(lines) {
    for (const line of lines) {
      const { name, value, attributes } = parseSetCookie(line);
      const gone =
        attributes["max-age"] === "0" || (attributes.expires && Date.parse(attributes.expires) <= Date.now());
      if (gone) this.map.delete(name);
      else this.map.set(name, value);
    }
  }
  header() {
    return [...this.map].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}
