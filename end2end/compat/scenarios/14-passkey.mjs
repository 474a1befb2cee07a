// Passkeys through the client's plugin, with a key that lives in this process.
import { SecurityKey } from "../lib/authenticator.mjs";

// The client of 1.2.8 asks for options by POST, which 1.7 does not know.
const passkey = { plugins: ["passkey"], clients: ["1.7.24"] };

/** Somebody with a passkey (not logged). */
async function withKey(t, label) {
  const ann = await t.user(label);
  const key = new SecurityKey(t.origin);
  const { data, error } = await t.quiet(() => key.during(() => ann.auth.passkey.addPasskey({ name: "Key" })));
  t.must(data?.id, `no passkey: ${JSON.stringify(error)}`);
  return { ...ann, key, passkey: data };
}

export default [
  {
    ...passkey,
    name: "passkey-register",
    async run(t) {
      const { auth, jar } = await t.user("ann");
      const key = new SecurityKey(t.origin);
      await t.call("add", () => key.during(() => auth.passkey.addPasskey({ name: "My key" })));
      t.note("cookies held", jar.names());
      await t.call("list", () => auth.passkey.listUserPasskeys());
      await t.http("options once there is one", "GET", "/passkey/generate-register-options", { jar });
      await t.http("options of a kind", "GET", "/passkey/generate-register-options?authenticatorAttachment=platform", {
        jar,
      });
    },
  },
  {
    ...passkey,
    name: "passkey-sign-in",
    async run(t) {
      const ann = await withKey(t, "ann");
      const { auth, jar } = t.client();
      await t.call("sign in", () => ann.key.during(() => auth.signIn.passkey()));
      t.note("cookies held", jar.names());
      await t.call("who am I", () => auth.getSession());
      await t.http("options for somebody known", "GET", "/passkey/generate-authenticate-options", { jar });
    },
  },
  {
    ...passkey,
    name: "passkey-unknown",
    async run(t) {
      const { auth, jar } = t.client();
      await t.call("sign in", () => new SecurityKey(t.origin).during(() => auth.signIn.passkey()));
      t.note("signed in", jar.names().includes(t.cookie("session_token")));
      await t.http("without a challenge", "POST", "/passkey/verify-authentication", { json: { response: {} } });
    },
  },
  {
    ...passkey,
    name: "passkey-rename-and-delete",
    async run(t) {
      const ann = await withKey(t, "ann");
      const eve = await t.user("eve");
      const { id } = ann.passkey;
      await t.call("rename", () => ann.auth.passkey.updatePasskey({ id, name: "Another name" }));
      await t.call("rename, somebody else", () => eve.auth.passkey.updatePasskey({ id, name: "Mine" }));
      await t.call("delete, somebody else", () => eve.auth.passkey.deletePasskey({ id }));
      await t.call("delete", () => ann.auth.passkey.deletePasskey({ id }));
      await t.call("delete again", () => ann.auth.passkey.deletePasskey({ id }));
      await t.call("list", () => ann.auth.passkey.listUserPasskeys());
    },
  },
  {
    ...passkey,
    name: "passkey-nobody",
    async run(t) {
      const { auth } = t.client();
      await t.call("list", () => auth.passkey.listUserPasskeys());
      await t.call("rename", () => auth.passkey.updatePasskey({ id: t.randomId(32), name: "x" }));
      await t.call("delete", () => auth.passkey.deletePasskey({ id: t.randomId(32) }));
      await t.http("options", "GET", "/passkey/generate-register-options");
      await t.http("answer", "POST", "/passkey/verify-registration", { json: { response: {} } });
      await t.http("options to sign in", "GET", "/passkey/generate-authenticate-options");
    },
  },
];
