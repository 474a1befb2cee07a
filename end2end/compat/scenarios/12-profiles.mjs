// Settings that are not the usual ones: verification required, rate limits, https.
import crypto from "node:crypto";

const strict = { profile: "strict" };
const limited = { profile: "limited" };
const secure = { profile: "secure" };

/** Two addresses that nobody else has: in one process, all references share one memory of attempts. */
const somewhere = () => {
  const [second, third, fourth] = crypto.randomBytes(3);
  const at = (last) => ({ "x-forwarded-for": `100.${64 + (second % 64)}.${third}.${last}` });
  return [at(fourth), at((fourth + 1) % 256)];
};

export default [
  {
    ...strict,
    name: "strict-sign-up-gives-no-session",
    needs: ["mail"],
    async run(t) {
      const { auth, jar } = t.client();
      const email = t.email("ann");
      await t.call("sign up", () => auth.signUp.email({ email, password: t.password, name: "Ann" }));
      t.note("cookies held", jar.names());
      const first = await t.mail(email, { match: /verify-email/ });
      await t.call("sign in too early", () => auth.signIn.email({ email, password: t.password }));
      await t.mail(email, { match: /verify-email/ });
      await t.open("open the first link", first, { jar });
      t.note("cookies held", jar.names());
      await t.call("sign in", () => auth.signIn.email({ email, password: t.password }));
      t.note("cookies held", jar.names());
    },
  },
  {
    ...strict,
    name: "strict-sign-up-twice-tells-nothing",
    needs: ["mail"],
    async run(t) {
      const email = t.email("ann");
      await t.call("first", () => t.client().auth.signUp.email({ email, password: t.password, name: "Ann" }));
      await t.quiet(() => t.mail(email, { match: /verify-email/ }));
      await t.call("again", () =>
        t
          .client()
          .auth.signUp.email({ email, password: "another password", name: "Eve", image: "https://img.test/e.png" }),
      );
      await t.noMail(email);
      await t.call("the other password", () => t.client().auth.signIn.email({ email, password: "another password" }));
    },
  },
  {
    ...strict,
    name: "strict-sign-in-wrong-password",
    needs: ["mail"],
    async run(t) {
      const email = t.email("ann");
      await t.quiet(() => t.client().auth.signUp.email({ email, password: t.password, name: "Ann" }));
      await t.quiet(() => t.mail(email, { match: /verify-email/ }));
      await t.call("wrong", () => t.client().auth.signIn.email({ email, password: "not the password" }));
      await t.noMail(email);
    },
  },
  {
    ...limited,
    name: "limited-sign-in",
    async run(t) {
      const [headers, elsewhere] = somewhere();
      const json = { email: t.email("nobody"), password: t.password };
      for (const n of [1, 2, 3, 4, 5]) await t.http(`attempt ${n}`, "POST", "/sign-in/email", { json, headers });
      await t.http("another path", "POST", "/sign-up/email", { json: {}, headers });
      await t.http("another address", "POST", "/sign-in/email", { json, headers: elsewhere });
    },
  },
  {
    ...limited,
    name: "limited-counts-before-anything-else",
    async run(t) {
      const [headers] = somewhere();
      for (const n of [1, 2, 3])
        await t.http(`broken body ${n}`, "POST", "/sign-in/email", { body: "{", type: "application/json", headers });
      await t.http("one too many", "POST", "/sign-in/email", { body: "{", type: "application/json", headers });
      await t.http("wrong method", "GET", "/sign-in/email", { headers });
    },
  },
  {
    ...limited,
    name: "limited-reset-requests",
    needs: ["mail"],
    async run(t) {
      const [headers] = somewhere();
      for (const n of [1, 2, 3, 4]) {
        await t.http(`request ${n}`, "POST", "/request-password-reset", {
          json: { email: t.email("nobody") },
          headers,
        });
      }
      await t.http("the rest is open", "GET", "/get-session", { headers });
    },
  },
  {
    ...secure,
    name: "secure-cookies",
    async run(t) {
      const { auth, jar } = t.client();
      await t.call("sign up", () => auth.signUp.email({ email: t.email("ann"), password: t.password, name: "Ann" }));
      t.note("cookies held", jar.names());
      await t.call("who am I", () => auth.getSession());
      jar.delete(t.cookie("session_data"));
      await t.call("from the row", () => auth.getSession());
      await t.call("sign out", () => auth.signOut());
      t.note("cookies held", jar.names());
    },
  },
  {
    ...secure,
    name: "secure-ignores-cookies-without-the-prefix",
    async run(t) {
      const { jar } = await t.user("ann");
      const plain = t.jar();
      for (const name of jar.names()) plain.set(name.replace("__Secure-", ""), jar.get(name));
      await t.http("plain names", "GET", "/get-session", { jar: plain });
    },
  },
  {
    ...secure,
    name: "secure-links-and-origins",
    needs: ["mail"],
    async run(t) {
      const { jar, email } = await t.user("ann");
      const link = await t.mail(email, { match: /verify-email/ });
      await t.open("open", link, { jar });
      await t.http("own origin", "POST", "/update-user", { jar, json: { name: "Ann" } });
      await t.http("the address it listens on", "POST", "/update-user", {
        jar,
        json: { name: "X" },
        origin: t.connect,
      });
    },
  },
];
