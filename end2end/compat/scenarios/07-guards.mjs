// Origin checks, redirect checks, bodies and unknown paths.
export default [
  {
    name: "origin-missing-with-cookie",
    async run(t) {
      const { jar } = await t.user("ann");
      await t.http("no Origin", "POST", "/update-user", { jar, json: { name: "X" }, origin: null });
    },
  },
  {
    name: "origin-wrong-with-cookie",
    async run(t) {
      const { jar } = await t.user("ann");
      await t.http("other Origin", "POST", "/update-user", {
        jar,
        json: { name: "X" },
        origin: "https://evil.example",
      });
      await t.http("other port", "POST", "/sign-out", { jar, json: {}, origin: "http://localhost:1" });
      await t.http("trusted Origin", "POST", "/update-user", {
        jar,
        json: { name: "Y" },
        origin: "http://trusted.example",
      });
    },
  },
  {
    name: "origin-wrong-without-cookie",
    async run(t) {
      const ann = await t.user("ann");
      await t.http("sign-in from elsewhere", "POST", "/sign-in/email", {
        json: { email: ann.email, password: ann.password },
        origin: "https://evil.example",
      });
      await t.http("sign-in without Origin", "POST", "/sign-in/email", {
        json: { email: ann.email, password: ann.password },
        origin: null,
      });
      await t.http("reset from elsewhere", "POST", "/request-password-reset", {
        json: { email: t.email("nobody") },
        origin: "https://evil.example",
      });
    },
  },
  {
    name: "callback-url-untrusted",
    async run(t) {
      const ann = await t.user("ann");
      const body = { email: ann.email, password: ann.password };
      await t.http("sign-in", "POST", "/sign-in/email", { json: { ...body, callbackURL: "https://evil.example/x" } });
      await t.http("sign-in, protocol-relative", "POST", "/sign-in/email", {
        json: { ...body, callbackURL: "//evil.example/x" },
      });
      await t.http("reset", "POST", "/request-password-reset", {
        json: { email: ann.email, redirectTo: "https://evil.example/x" },
      });
      await t.http(
        "verify-email",
        "GET",
        `/verify-email?token=x&callbackURL=${encodeURIComponent("https://evil.example")}`,
        { origin: null },
      );
    },
  },
  {
    name: "body-malformed",
    async run(t) {
      await t.http("broken JSON", "POST", "/sign-in/email", { body: '{"email": ', type: "application/json" });
      await t.http("text", "POST", "/sign-in/email", { body: "email=a", type: "text/plain" });
      await t.http("no type", "POST", "/sign-in/email", { body: '{"email":"a@b.test","password":"12345678"}' });
      await t.http("no body", "POST", "/sign-in/email", {});
      await t.http("wrong types", "POST", "/sign-in/email", { json: { email: 5, password: ["x"] } });
    },
  },
  {
    name: "paths-and-methods",
    async run(t) {
      await t.http("unknown", "GET", "/no-such-route");
      await t.http("wrong method", "GET", "/sign-in/email");
      await t.http("wrong method", "POST", "/list-sessions", { json: {} });
      await t.http("trailing slash", "GET", "/ok/");
      await t.http("server-only", "POST", "/set-password", { json: { newPassword: "a new password" } });
    },
  },
];
