// What people hold in their hands: an app that shows codes, and a key that signs.
import crypto from "node:crypto";

const STEP = 30_000;

/** An authenticator app (RFC 6238). No code is shown twice, because a server may refuse one it has seen. */
export class CodeApp {
  constructor(uri) {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const bits = [...new URL(uri).searchParams.get("secret")]
      .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0"))
      .join("");
    this.key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
    this.shown = 0;
  }

  /** The next code that a server takes which looks one step back and one ahead. */
  code() {
    const now = Date.now();
    // The one before counts no longer when this step is about to end.
    const oldest = Math.floor(now / STEP) - (now % STEP < STEP - 5_000 ? 1 : 0);
    this.shown = Math.max(oldest, this.shown + 1);
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(this.shown));
    const mac = crypto.createHmac("sha1", this.key).update(counter).digest();
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
  }
}

const b64 = (bytes) => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest();
const buffer = (bytes) => Uint8Array.from(bytes).buffer;

/** A security key with one ES256 credential that verifies whoever holds it (WebAuthn Level 2, "none" attestation). */
export class SecurityKey {
  constructor(origin) {
    this.origin = origin;
    this.id = crypto.randomBytes(32);
    this.pair = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.counter = 0;
  }

  /** Runs `fn` where the browser's interface to authenticators is this key. */
  async during(fn) {
    const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    const credentials = { create: async (options) => this.create(options), get: async (options) => this.get(options) };
    Object.defineProperty(globalThis, "navigator", { value: { credentials }, configurable: true });
    globalThis.PublicKeyCredential = class PublicKeyCredential {};
    try {
      return await fn();
    } finally {
      delete globalThis.PublicKeyCredential;
      if (before) Object.defineProperty(globalThis, "navigator", before);
      else delete globalThis.navigator;
    }
  }

  create({ publicKey: { challenge, rp } }) {
    const { x, y } = this.pair.publicKey.export({ format: "jwk" });
    const point = (text) => Buffer.concat([Buffer.from([0x58, 0x20]), Buffer.from(text, "base64url")]);
    // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]);
    const cose = Buffer.concat([head, point(x), Buffer.from([0x22]), point(y)]);
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cose]);
    const data = Buffer.concat([this.data(rp.id, 0x45), attested]);
    // {"fmt": "none", "attStmt": {}, "authData": …}
    const object = Buffer.concat([
      Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex"),
      Buffer.from([data.length]),
      data,
    ]);
    return this.credential({
      clientDataJSON: buffer(this.clientData("webauthn.create", challenge)),
      attestationObject: buffer(object),
      getTransports: () => ["internal"],
    });
  }

  get({ publicKey: { challenge, rpId } }) {
    this.counter += 1;
    const [data, client] = [this.data(rpId, 0x05), this.clientData("webauthn.get", challenge)];
    const signature = crypto.sign("sha256", Buffer.concat([data, sha256(client)]), this.pair.privateKey);
    return this.credential({
      clientDataJSON: buffer(client),
      authenticatorData: buffer(data),
      signature: buffer(signature),
    });
  }

  credential(response) {
    return {
      id: b64(this.id),
      rawId: buffer(this.id),
      type: "public-key",
      response,
      getClientExtensionResults: () => ({}),
    };
  }

  data(rpId, flags) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter]);
  }

  clientData(type, challenge) {
    const text = JSON.stringify({ type, challenge: b64(challenge), origin: this.origin, crossOrigin: false });
    return Buffer.from(text);
  }
}
