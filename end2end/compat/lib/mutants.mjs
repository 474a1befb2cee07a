// Small faults put into a second reference, to show that the harness sees them (selftest.mjs).
const json = (change) => (out) => {
  let body;
  try {
    body = JSON.parse(out.body.toString());
  } catch {
    return out;
  }
  const made = change(body);
  return made === undefined
    ? out
    : {
        ...out,
        body: Buffer.from(JSON.stringify(made)),
        headers: out.headers.filter(([name]) => name !== "content-length"),
      };
};
const cookie = (change) => (out) => ({
  ...out,
  headers: out.headers
    .map(([name, value]) => (name === "set-cookie" ? [name, change(value)] : [name, value]))
    .filter(([, value]) => value !== null),
});
const deep = (value, change) =>
  Array.isArray(value)
    ? value.map((item) => deep(item, change))
    : value && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item, change)]))
      : change(value);
const ISO = /^\d{4}-.*\.\d{3}Z$/;

export const MUTANTS = {
  "cookie-without-httponly": cookie((line) => line.replace("; HttpOnly", "")),
  "cookie-other-max-age": cookie((line) => line.replace("Max-Age=604800", "Max-Age=604799")),
  "cookie-samesite-strict": cookie((line) => line.replace("SameSite=Lax", "SameSite=Strict")),
  "cookie-not-cleared": cookie((line) => (/dont_remember=;/.test(line) ? null : line)),
  "cookie-not-percent-encoded": cookie((line) => line.replace(/^([^;]*)%3D;/, "$1=;")),
  "cookie-token-unsigned": cookie((line) => line.replace(/(session_token=[A-Za-z0-9]{32})\.[^;]+/, "$1")),
  "date-microseconds": json((body) =>
    deep(body, (item) => (typeof item === "string" && ISO.test(item) ? item.replace("Z", "123Z") : item)),
  ),
  "date-offset": json((body) =>
    deep(body, (item) => (typeof item === "string" && ISO.test(item) ? item.replace("Z", "+00:00") : item)),
  ),
  "id-uuid": json((body) =>
    body?.user?.id ? { ...body, user: { ...body.user, id: "0f9c2f4e-2f1b-4a53-9d52-6f1a3c9b7e10" } } : undefined,
  ),
  "image-left-out": json((body) => {
    if (body?.user && body.user.image === null) {
      const { image, ...user } = body.user;
      return { ...body, user };
    }
    return undefined;
  }),
  "null-as-empty-object": json((body) => (body === null ? {} : undefined)),
  "code-missing": json((body) => {
    if (body?.code) {
      const { code, ...rest } = body;
      return rest;
    }
    return undefined;
  }),
  "message-other": json((body) =>
    body?.code === "INVALID_EMAIL_OR_PASSWORD" ? { ...body, message: "Invalid credentials" } : undefined,
  ),
  "extra-key": json((body) =>
    body && typeof body === "object" && !Array.isArray(body) ? { ...body, requestId: "abc" } : undefined,
  ),
  "status-401-as-403": (out) => (out.status === 401 ? { ...out, status: 403 } : out),
  "status-422-as-400": (out) => (out.status === 422 ? { ...out, status: 400 } : out),
  "redirect-303": (out) => (out.status === 302 ? { ...out, status: 303 } : out),
  "redirect-lower-case-error": (out) => ({
    ...out,
    headers: out.headers.map(([name, value]) =>
      name === "location"
        ? [name, value.replace(/error=([A-Z_]+)/, (_, code) => `error=${code.toLowerCase()}`)]
        : [name, value],
    ),
  }),
  "not-found-with-body": (out) =>
    out.status === 404 && !out.body.length
      ? {
          ...out,
          body: Buffer.from('{"message":"Not found"}'),
          headers: [...out.headers, ["content-type", "application/json"]],
        }
      : out,
  "cacheable-session": (out) => ({ ...out, headers: out.headers.filter(([name]) => name !== "cache-control") }),
};
