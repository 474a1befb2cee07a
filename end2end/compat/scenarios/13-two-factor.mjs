// Second factors through the client's plugin: an app, backup codes, mailed codes, trusted browsers.
import { CodeApp } from "../lib/authenticator.mjs";

const plugins = ["two-factor"];
const NOWHERE = "000000";

/** Somebody with an app (not logged): their browser, the app, their backup codes. */
async function withApp(t, label) {
  const ann = await t.user(label);
  return t.quiet(async () => {
    const { data } = await ann.auth.twoFactor.enable({ password: ann.password });
    t.must(data?.totpURI, "no address for the app");
    const app = new CodeApp(data.totpURI);
    const { error } = await ann.auth.twoFactor.verifyTotp({ code: app.code() });
    t.must(!error, `the first code was refused: ${JSON.stringify(error)}`);
    return { ...ann, app, codes: data.backupCodes };
  });
}

/** Another browser in which the right password was given. */
async function challenged(t, { email, password }) {
  return t.quiet(async () => {
    const { auth, jar } = t.client();
    const { data } = await auth.signIn.email({ email, password });
    t.must(data?.twoFactorRedirect, `no second factor is asked for: ${JSON.stringify(data)}`);
    return { auth, jar };
  });
}

export default [
  {
    name: "two-factor-enable",
    plugins,
    async run(t) {
      const { auth, jar, password } = await t.user("ann");
      await t.call("enable, wrong password", () => auth.twoFactor.enable({ password: "not the password" }));
      const { data } = await t.call("enable", () => auth.twoFactor.enable({ password }));
      await t.call("who am I", () => auth.getSession({ query: { disableCookieCache: true } }));
      await t.call("a wrong code", () => auth.twoFactor.verifyTotp({ code: NOWHERE }));
      await t.call("the first code", () => auth.twoFactor.verifyTotp({ code: new CodeApp(data.totpURI).code() }));
      t.note("cookies held", jar.names());
      await t.call("who am I now", () => auth.getSession());
      await t.call("enable again", () => auth.twoFactor.enable({ password }));
      await t.call("the address for another app", () => auth.twoFactor.getTotpUri({ password }));
      await t.call("the same, wrong password", () => auth.twoFactor.getTotpUri({ password: "not the password" }));
    },
  },
  {
    name: "two-factor-sign-in",
    plugins,
    async run(t) {
      const ann = await withApp(t, "ann");
      const { auth, jar } = t.client();
      await t.call("password", () => auth.signIn.email({ email: ann.email, password: ann.password }));
      t.note("cookies held", jar.names());
      await t.call("who am I", () => auth.getSession());
      await t.call("a wrong code", () => auth.twoFactor.verifyTotp({ code: NOWHERE }));
      await t.call("a code", () => auth.twoFactor.verifyTotp({ code: ann.app.code() }));
      t.note("cookies held", jar.names());
      await t.call("who am I now", () => auth.getSession());
    },
  },
  {
    name: "two-factor-not-remembered",
    plugins,
    async run(t) {
      const ann = await withApp(t, "ann");
      const { auth, jar } = t.client();
      await t.call("password", () =>
        auth.signIn.email({ email: ann.email, password: ann.password, rememberMe: false }),
      );
      await t.call("a code", () => auth.twoFactor.verifyTotp({ code: ann.app.code() }));
      t.note("cookies held", jar.names());
    },
  },
  {
    name: "two-factor-trusted-device",
    plugins,
    async run(t) {
      const ann = await withApp(t, "ann");
      const { auth, jar } = await challenged(t, ann);
      await t.call("a code", () => auth.twoFactor.verifyTotp({ code: ann.app.code(), trustDevice: true }));
      t.note("cookies held", jar.names());
      await t.quiet(() => auth.signOut());
      t.note("cookies held", jar.names());
      await t.call("password, trusted", () => auth.signIn.email({ email: ann.email, password: ann.password }));
      t.note("cookies held", jar.names());
      await t.call("password, elsewhere", () =>
        t.client().auth.signIn.email({ email: ann.email, password: ann.password }),
      );
    },
  },
  {
    name: "two-factor-backup-codes",
    plugins,
    async run(t) {
      const ann = await withApp(t, "ann");
      const first = await challenged(t, ann);
      await t.call("a wrong one", () => first.auth.twoFactor.verifyBackupCode({ code: "aaaaa-bbbbb" }));
      await t.call("a right one", () => first.auth.twoFactor.verifyBackupCode({ code: ann.codes[0] }));
      t.note("cookies held", first.jar.names());
      const second = await challenged(t, ann);
      await t.call("the same again", () => second.auth.twoFactor.verifyBackupCode({ code: ann.codes[0] }));
      await t.call("another", () => second.auth.twoFactor.verifyBackupCode({ code: ann.codes[1] }));
      const { data } = await t.call("new ones", () =>
        ann.auth.twoFactor.generateBackupCodes({ password: ann.password }),
      );
      const third = await challenged(t, ann);
      await t.call("an old one", () => third.auth.twoFactor.verifyBackupCode({ code: ann.codes[2] }));
      await t.call("a new one", () => third.auth.twoFactor.verifyBackupCode({ code: data?.backupCodes?.[0] ?? "none" }));
    },
  },
  {
    name: "two-factor-mailed-code",
    plugins,
    needs: ["mail"],
    // Its client of 1.2.8 has no methods to choose from.
    clients: ["1.7.24"],
    async run(t) {
      const ann = await t.user("ann");
      await t.call("enable", () => ann.auth.twoFactor.enable({ password: ann.password, method: "otp" }));
      await t.call("who am I", () => ann.auth.getSession());
      const { auth, jar } = t.client();
      await t.call("password", () => auth.signIn.email({ email: ann.email, password: ann.password }));
      await t.call("before one was sent", () => auth.twoFactor.verifyOtp({ code: NOWHERE }));
      await t.call("send", () => auth.twoFactor.sendOtp());
      const code = await t.code(ann.email);
      await t.call("a wrong one", () => auth.twoFactor.verifyOtp({ code: code === NOWHERE ? "000001" : NOWHERE }));
      await t.call("the right one", () => auth.twoFactor.verifyOtp({ code }));
      t.note("cookies held", jar.names());
    },
  },
  {
    name: "two-factor-too-many-attempts",
    plugins,
    async run(t) {
      const ann = await withApp(t, "ann");
      const { auth, jar } = await challenged(t, ann);
      for (const n of [1, 2, 3, 4, 5]) await t.call(`wrong ${n}`, () => auth.twoFactor.verifyTotp({ code: NOWHERE }));
      const code = ann.app.code();
      await t.call("a right one too late", () => auth.twoFactor.verifyTotp({ code }));
      t.note("cookies held", jar.names());
      await t.call("once more", () => auth.twoFactor.verifyTotp({ code }));
    },
  },
  {
    name: "two-factor-disable",
    plugins,
    async run(t) {
      const ann = await withApp(t, "ann");
      await t.call("wrong password", () => ann.auth.twoFactor.disable({ password: "not the password" }));
      await t.call("disable", () => ann.auth.twoFactor.disable({ password: ann.password }));
      t.note("cookies held", ann.jar.names());
      await t.call("who am I", () => ann.auth.getSession());
      await t.call("new backup codes", () => ann.auth.twoFactor.generateBackupCodes({ password: ann.password }));
      const { auth } = t.client();
      await t.call("password alone", () => auth.signIn.email({ email: ann.email, password: ann.password }));
    },
  },
  {
    name: "two-factor-nobody",
    plugins,
    async run(t) {
      const { auth } = t.client();
      await t.call("enable", () => auth.twoFactor.enable({ password: t.password }));
      await t.call("disable", () => auth.twoFactor.disable({ password: t.password }));
      await t.call("code", () => auth.twoFactor.verifyTotp({ code: NOWHERE }));
      await t.call("backup code", () => auth.twoFactor.verifyBackupCode({ code: "aaaaa-bbbbb" }));
      await t.call("mailed code", () => auth.twoFactor.verifyOtp({ code: NOWHERE }));
      await t.http("no code", "POST", "/two-factor/verify-totp", { json: {} });
    },
  },
];
