// Signing in with Google.
export default [
  {
    name: "social-authorization-url",
    async run(t) {
      const { auth, jar } = t.client();
      await t.call("start", () => auth.signIn.social({ provider: "google", callbackURL: "/dashboard" }));
      t.note("cookies held", jar.names());
      await t.call("with options", () =>
        auth.signIn.social({
          provider: "google",
          callbackURL: "/dashboard",
          errorCallbackURL: "/failed",
          newUserCallbackURL: "/welcome",
          disableRedirect: true,
          scopes: ["https://www.googleapis.com/auth/calendar"],
          loginHint: "ann@coffer.test",
        }),
      );
    },
  },
  {
    name: "social-new-user",
    needs: ["google"],
    async run(t) {
      const { auth, jar } = t.client();
      await t.google("first time", t.profileOf("gil"), { jar, body: { newUserCallbackURL: "/welcome" } });
      t.note("cookies held", jar.names());
      await t.call("who am I", () => auth.getSession());
      await t.call("accounts", () => auth.listAccounts());
      const again = t.client();
      await t.google("second time", t.profileOf("gil"), { jar: again.jar, body: { newUserCallbackURL: "/welcome" } });
    },
  },
  {
    name: "social-state-unknown",
    needs: ["google"],
    async run(t) {
      const { jar } = t.client();
      await t.google("made-up state", t.profileOf("gil"), { jar, state: t.randomId(32) });
      await t.http("no state", "GET", "/callback/google?code=x", { jar, origin: null });
      await t.http("nothing at all", "GET", "/callback/google", { origin: null });
    },
  },
  {
    name: "social-provider-error",
    needs: ["google"],
    async run(t) {
      const { jar } = t.client();
      const start = await t.http("start", "POST", "/sign-in/social", {
        jar,
        json: { provider: "google", callbackURL: "/after", errorCallbackURL: "/failed?from=google" },
      });
      const state = new URL(start.json.url).searchParams.get("state");
      await t.http(
        "refused by the user",
        "GET",
        `/callback/google?error=access_denied&error_description=no+thanks&state=${state}`,
        { jar, origin: null },
      );
    },
  },
  {
    name: "social-unknown-provider",
    async run(t) {
      await t.call("not configured", () => t.client().auth.signIn.social({ provider: "github", callbackURL: "/x" }));
      await t.http("no provider", "POST", "/sign-in/social", { json: { callbackURL: "/x" } });
    },
  },
  {
    name: "social-untrusted-callback",
    async run(t) {
      for (const key of ["callbackURL", "errorCallbackURL", "newUserCallbackURL"]) {
        await t.http(key, "POST", "/sign-in/social", {
          json: { provider: "google", callbackURL: "/x", [key]: "https://evil.example/" },
        });
      }
    },
  },
];
