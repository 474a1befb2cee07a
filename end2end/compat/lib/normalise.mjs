// Turns one side's answers into something two servers can be compared on: origins, ids, tokens,
// dates and signatures become placeholders that keep their form, everything else stays literal.
import { parseSetCookie } from "./transport.mjs";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const JWT = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;
const LOCAL_IPS = new Set(["", "127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const CACHE_ROUTES = /\/(sign-in|sign-up|get-session|callback|update-user|verify-email)/;
const CLOCK_KEYS = new Set(["iat", "exp", "nbf"]);
const OPAQUE_PARAMS = new Set(["state", "code_challenge", "nonce", "code", "jti"]);

const decode = (part) => {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return null;
  }
};

function jwt(text) {
  const [head, payload] = text.split(".").map(decode);
  if (!head || !payload) return "<jwt unreadable>";
  const life = payload.exp && payload.iat ? payload.exp - payload.iat : "none";
  const shown = Object.keys(payload)
    .sort()
    .map((key) => {
      const value = payload[key];
      return typeof value === "string" && (key === "email" || key === "updateTo" || key === "requestType")
        ? `${key}=${value}`
        : key;
    });
  return `<jwt ${head.alg} life=${life} ${shown.join(",")}>`;
}

export function makeNormaliser({
  origin,
  connect,
  looseIds = false,
  strictMessages = false,
  lenientCache = false,
  opaqueTokens = false,
}) {
  const origins = [...new Set([origin, connect])].filter(Boolean);
  const swapOrigin = (text) => {
    let out = text;
    for (const item of origins)
      out = out.split(item).join("<origin>").split(encodeURIComponent(item)).join("<origin%>");
    return out;
  };
  const id = (kind) => (looseIds ? "<id>" : kind);

  function string(raw) {
    if (ISO.test(raw)) return "<date>";
    if (JWT.test(raw)) return jwt(raw);
    if (/^[A-Za-z0-9]{32}$/.test(raw)) return id("<id32>");
    if (/^[A-Za-z0-9]{24}$/.test(raw)) return id("<id24>");
    if (UUID.test(raw)) return id("<uuid>");
    if (/^[0-9a-f]{32}:[0-9a-f]{128}$/.test(raw)) return "<scrypt>";
    if (/^[A-Za-z0-9]{5}-[A-Za-z0-9]{5}$/.test(raw)) return "<backup code>";
    if (/^[\w-]{43}$/.test(raw)) return "<32 bytes>";
    if (/^pQEC[A-Za-z0-9+/]{98,}={0,2}$/.test(raw)) return "<COSE key>";
    if (raw.startsWith("otpauth://")) {
      return raw.replace(/(?<=[?&]secret=)[A-Z2-7]+/, (secret) =>
        opaqueTokens ? "<base32>" : `<base32 ${secret.length}>`,
      );
    }
    const text = swapOrigin(raw);
    if (/^(https?:\/\/|<origin>|\/)/.test(text) && !/\s/.test(text)) return link(text);
    return text;
  }

  function link(text) {
    const marker = "http://origin.marker";
    const relative = text.startsWith("/");
    let url;
    try {
      url = new URL(text.replace("<origin>", marker), marker);
    } catch {
      return text;
    }
    if (relative && url.origin !== marker) return text;
    const path = url.pathname
      .split("/")
      .map((segment) =>
        /^[A-Za-z0-9]{24,}$/.test(segment) || (opaqueTokens && /^[\w-]{20,}$/.test(segment))
          ? id(opaqueTokens ? "<token>" : `<id${segment.length}>`)
          : segment,
      )
      .join("/");
    const params = [...url.searchParams]
      .map(([key, value]) => {
        if (OPAQUE_PARAMS.has(key) || (opaqueTokens && key === "token")) return `${key}=<${key}>`;
        return `${key}=${string(value)}`;
      })
      .sort();
    const head = relative ? "" : url.origin === marker ? "<origin>" : url.origin;
    return `${head}${path}${params.length ? `?${params.join("&")}` : ""}${url.hash}`;
  }

  function value(input, path = []) {
    if (input === undefined) return "<undefined>";
    if (input === null || typeof input === "boolean" || typeof input === "number") return input;
    if (input instanceof Date) return Number.isNaN(input.getTime()) ? "<Date invalid>" : "<Date>";
    if (typeof input === "string") return string(input);
    if (Array.isArray(input)) {
      const items = input.map((item, index) => value(item, [...path, index]));
      return items.every((item) => item && typeof item === "object")
        ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        : items;
    }
    const out = {};
    for (const key of Object.keys(input).sort()) {
      if (input[key] === undefined) continue;
      // The plugin says it of everybody; without the plugin nobody has the key, and clients read the two alike.
      if (key === "twoFactorEnabled" && input[key] === false) continue;
      out[key] =
        CLOCK_KEYS.has(key) && typeof input[key] === "number"
          ? "<seconds since 1970>"
          : value(input[key], [...path, key]);
      // The reference stores '' without a forwarding header, another server may store the peer.
      if (key === "ipAddress" && LOCAL_IPS.has(input[key])) out[key] = "<no or local ip>";
    }
    if (!strictMessages && out.code === "VALIDATION_ERROR" && typeof out.message === "string") {
      out.message = [...out.message.matchAll(/\[((?:body|query)[^\]]*)\]/g)]
        .map((match) => `[${match[1]}]`)
        .sort()
        .join(" ");
    }
    return out;
  }

  // The form of a cookie value, not the value.
  function cookieForm(name, raw) {
    if (raw === "") return "<empty>";
    let text;
    try {
      text = decodeURIComponent(raw);
    } catch {
      return "<not percent-encoded>";
    }
    if (/^[\s\S]+\.[A-Za-z0-9+/]{43}=$/.test(text)) {
      const body = text.slice(0, text.lastIndexOf("."));
      const kind =
        /\.(state|better-auth-passkey)$/.test(name) && /^[\w-]{32}$/.test(body)
          ? "<state>"
          : /^[A-Za-z0-9]{32}$/.test(body)
            ? id("<id32>")
            : body
                .replace(/^2fa-[\w-]{20}$/, "<challenge>")
                .replace(/^[\w-]{43}!trust-device-[\w-]{32}$/, "<trusted device>");
      const escaped = /%3D$/i.test(raw) ? "" : " (not percent-encoded)";
      return `<signed ${kind}${escaped}>`;
    }
    if (/session_data(\.\d+)?$/.test(name)) {
      const data = decode(text);
      if (data && typeof data === "object") {
        return {
          session: value(data.session),
          expiresAt: typeof data.expiresAt,
          signature: /^[\w-]{43}$/.test(data.signature ?? "") ? "<hmac base64url>" : "other",
          keys: Object.keys(data).sort(),
        };
      }
      return /^[\w-]+$/.test(text) ? "<part of base64url>" : "<other>";
    }
    return string(text);
  }

  // Last line per name wins, as in a browser. Order between names says nothing.
  function cookies(lines) {
    const out = {};
    for (const line of lines) {
      const { name, value: raw, attributes } = parseSetCookie(line);
      const form = cookieForm(name, raw);
      if (form && typeof form === "object" && form.session && form.session.updatedAt)
        form.session.updatedAt = typeof form.session.updatedAt;
      const shown = {};
      for (const key of Object.keys(attributes).sort()) shown[key] = key === "expires" ? "<date>" : attributes[key];
      out[name] = { value: form, ...shown };
    }
    return Object.fromEntries(Object.entries(out).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  function exchange({ method, path, answer }) {
    const media = (answer.headers["content-type"] ?? "").split(";")[0].trim();
    let body = answer.text;
    if (answer.text && /json/.test(media)) {
      try {
        body = value(JSON.parse(answer.text));
      } catch {
        body = `<bad json> ${answer.text.slice(0, 80)}`;
      }
    } else if (media === "text/html") body = "<html>";
    else if (typeof body === "string") body = string(body);
    const out = { request: `${method} ${link(path)}`, status: answer.status, body };
    if (answer.text) out.media = media;
    if (answer.headers.location !== undefined) out.location = string(answer.headers.location);
    const set = cookies(answer.setCookies);
    // Renewing the cookie cache on the side is harmless either way; --lenient-cache looks past it.
    if (lenientCache && !CACHE_ROUTES.test(path)) {
      for (const name of Object.keys(set))
        if (/session_data(\.\d+)?$/.test(name) && set[name].value !== "<empty>") delete set[name];
    }
    if (Object.keys(set).length) out.cookies = set;
    for (const name of ["cache-control", "pragma"]) if (answer.headers[name]) out[name] = answer.headers[name];
    if (answer.headers["x-retry-after"] !== undefined)
      out["x-retry-after"] = /^\d+$/.test(answer.headers["x-retry-after"])
        ? "<seconds>"
        : answer.headers["x-retry-after"];
    return out;
  }

  return { value, string, exchange };
}
