// Authenticators: the app on a phone (RFC 6238), and the one that is built into a browser (WebAuthn).
import { createHmac } from "node:crypto";
import { type CDPSession, type Page } from "@playwright/test";
import { noteForTheLog } from "./secrets";

const PERIOD = 30;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** An authenticator app with one key. Each code works once, so it shows the next one when this one was used. */
export class App {
  private readonly key: Buffer;
  private used = 0;

  constructor(key: string) {
    this.key = base32(noteForTheLog(key.replace(/\s/g, "")));
  }

  /** A code that the program accepts now, and for half a minute more: of this half minute, or of the next. */
  code(): string {
    const now = Math.floor(Date.now() / 1000 / PERIOD);
    const step = Math.max(now, this.used + 1);
    if (step > now + 1) throw new Error("both codes of this minute were used");
    this.used = step;
    return noteForTheLog(this.at(step));
  }

  /** Six digits that are no code of this minute. */
  wrongCode(): string {
    const now = Math.floor(Date.now() / 1000 / PERIOD);
    const right = [-2, -1, 0, 1, 2].map((step) => this.at(now + step));
    const wrong = ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !right.includes(code));
    if (!wrong) throw new Error("six of five codes cannot be right");
    return wrong;
  }

  private at(step: number): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const digest = createHmac("sha1", this.key).update(counter).digest();
    const offset = digest.readUInt8(19) & 0xf;
    return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  }
}

function base32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** An authenticator inside the browser of this page, whose owner always agrees. */
export class Fingerprint {
  private constructor(
    private readonly session: CDPSession,
    private readonly id: string,
  ) {}

  static async of(page: Page): Promise<Fingerprint> {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable");
    const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Fingerprint(session, authenticatorId);
  }

  /** Whether the owner agrees from now on. Where nobody agrees, a page that offers passkeys waits as it does for people. */
  async agrees(owner: boolean): Promise<void> {
    await this.session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: this.id, enabled: owner });
  }

  /** Whether the owner is recognised from now on. */
  async recognises(owner: boolean): Promise<void> {
    await this.session.send("WebAuthn.setUserVerified", { authenticatorId: this.id, isUserVerified: owner });
  }
}
