// A stand-in for Google's token and key endpoints. It keeps no state: the authorization code
// is the base64url JSON of {p: profile claims, cc: PKCE challenge, ru: redirect_uri, n: nonce}.
import http from "node:http";
import crypto from "node:crypto";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { GOOGLE } from "./profiles.mjs";

const b64 = (value) => Buffer.from(value).toString("base64url");
export const makeCode = (profile, url) =>
  b64(
    JSON.stringify({
      p: profile,
      cc: url.searchParams.get("code_challenge"),
      ru: url.searchParams.get("redirect_uri"),
      n: url.searchParams.get("nonce") ?? undefined,
    }),
  );

export async function startOidc(port) {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "coffer-mock-1", alg: "RS256", use: "sig" };
  const other = await generateKeyPair("RS256");
  const idToken = (claims, opts = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ email_verified: true, ...claims })
      .setProtectedHeader({ alg: "RS256", kid: jwk.kid, typ: "JWT" })
      .setIssuer(opts.iss ?? "https://accounts.google.com")
      .setAudience(opts.aud ?? GOOGLE.clientId)
      .setIssuedAt(opts.iat ?? now)
      .setExpirationTime(opts.exp ?? now + 3600)
      .sign(opts.badKey ? other.privateKey : privateKey);
  };
  const scope =
    "openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile";
  const json = (res, status, body) => {
    res.writeHead(status, { "content-type": "application/json" });
    res.end(JSON.stringify(body));
  };
  const server = http.createServer((req, res) => {
    const chunks = [];
    req.on("data", (chunk) => chunks.push(chunk));
    req.on("end", async () => {
      const url = new URL(req.url, "http://mock");
      if (url.pathname === "/certs") return json(res, 200, { keys: [jwk] });
      if (url.pathname !== "/token" || req.method !== "POST") return json(res, 404, { error: "not_found" });
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const basic = /^Basic (.+)$/i.exec(req.headers.authorization ?? "");
      const [user, pass] = basic ? Buffer.from(basic[1], "base64").toString().split(":") : [];
      const id = form.get("client_id") ?? user;
      const secret = form.get("client_secret") ?? pass;
      if (id !== GOOGLE.clientId || secret !== GOOGLE.clientSecret) return json(res, 401, { error: "invalid_client" });
      try {
        if (form.get("grant_type") === "refresh_token") {
          const token = form.get("refresh_token") ?? "";
          if (!token.startsWith("rt-") || token.includes("bad")) return json(res, 400, { error: "invalid_grant" });
          const sub = token.slice(3);
          return json(res, 200, {
            access_token: `at-refreshed-${sub}`,
            expires_in: 3599,
            token_type: "Bearer",
            scope,
            id_token: await idToken({ sub, email: `${sub}@google.test`, name: "Refreshed" }),
          });
        }
        const { p, cc, ru, n } = JSON.parse(Buffer.from(form.get("code") ?? "", "base64url").toString());
        const challenge = crypto
          .createHash("sha256")
          .update(form.get("code_verifier") ?? "")
          .digest("base64url");
        if (form.get("grant_type") !== "authorization_code" || challenge !== cc || form.get("redirect_uri") !== ru) {
          return json(res, 400, { error: "invalid_grant" });
        }
        const { _refresh, ...claims } = p;
        return json(res, 200, {
          access_token: `at-${p.sub}`,
          refresh_token: _refresh ?? `rt-${p.sub}`,
          expires_in: 3599,
          token_type: "Bearer",
          scope,
          id_token: await idToken(n ? { ...claims, nonce: n } : claims),
        });
      } catch {
        return json(res, 400, { error: "invalid_grant" });
      }
    });
  });
  await new Promise((done, fail) => {
    server.on("error", fail);
    server.listen(port, "127.0.0.1", done);
  });
  const base = `http://127.0.0.1:${server.address().port}`;
  return { base, idToken, stop: () => new Promise((done) => server.close(done)) };
}

// Sends the reference's calls to Google to the mock instead.
export function redirectGoogle(base) {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.href.startsWith("https://oauth2.googleapis.com/token")) return real(`${base}/token`, init);
    if (url.href.startsWith("https://www.googleapis.com/oauth2/v3/certs")) return real(`${base}/certs`, init);
    if (url.hostname.endsWith("googleapis.com") || url.hostname.endsWith("google.com"))
      throw new Error(`unexpected call to ${url.href}`);
    return real(input, init);
  };
  return () => {
    globalThis.fetch = real;
  };
}
