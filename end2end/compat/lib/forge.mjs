// Things a server made from the same secret and tables must accept or refuse.
import crypto from "node:crypto";

export const signature = (value, secret) => crypto.createHmac("sha256", secret).update(value).digest("base64");
export const signedCookie = (value, secret) => encodeURIComponent(`${value}.${signature(value, secret)}`);
export const randomId = (length = 32) => {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return Array.from({ length }, () => letters[crypto.randomInt(letters.length)]).join("");
};
export function jwt(
  payload,
  secret,
  { header = { alg: "HS256" }, life = 3600, now = Math.floor(Date.now() / 1000) } = {},
) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = `${part(header)}.${part({ ...payload, iat: now, exp: now + life })}`;
  return `${head}.${crypto.createHmac("sha256", secret).update(head).digest("base64url")}`;
}
export const hashPassword = (password) =>
  new Promise((done, fail) => {
    const salt = crypto.randomBytes(16).toString("hex");
    crypto.scrypt(
      password.normalize("NFKC"),
      salt,
      64,
      { N: 16384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 },
      (error, key) => (error ? fail(error) : done(`${salt}:${key.toString("hex")}`)),
    );
  });
export const verifyPassword = (hash, password) =>
  new Promise((done, fail) => {
    const [salt, key] = hash.split(":");
    crypto.scrypt(
      password.normalize("NFKC"),
      salt,
      64,
      { N: 16384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 },
      (error, made) => (error ? fail(error) : done(made.toString("hex") === key)),
    );
  });
export function readSessionData(raw) {
  return JSON.parse(Buffer.from(decodeURIComponent(raw), "base64url").toString());
}
export function writeSessionData(session, expiresAt, secret) {
  const mac = crypto
    .createHmac("sha256", secret)
    .update(JSON.stringify({ ...session, expiresAt }))
    .digest("base64url");
  return Buffer.from(JSON.stringify({ session, expiresAt, signature: mac })).toString("base64url");
}
