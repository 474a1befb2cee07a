// Verifying and changing the email address.
export default [
  {
    name: "verify-email",
    needs: ["mail"],
    async run(t) {
      const { auth, jar, email } = await t.user("ann");
      const link = await t.mail(email, { match: /verify-email/ });
      await t.call("verify", () => t.client().auth.verifyEmail({ query: { token: link.token } }));
      await t.call("verify again", () => t.client().auth.verifyEmail({ query: { token: link.token } }));
      jar.delete(t.cookie("session_data"));
      await t.call("who am I", () => auth.getSession());
    },
  },
  {
    name: "verify-email-link-redirects",
    needs: ["mail"],
    async run(t) {
      const { jar, email } = await t.user("ann");
      const link = await t.mail(email, { match: /verify-email/ });
      await t.open("open", link, { jar });
      await t.http("bad token", "GET", `/verify-email?token=nonsense&callbackURL=${encodeURIComponent("/done?x=1")}`, {
        origin: null,
      });
      await t.http("bad token, no callback", "GET", "/verify-email?token=nonsense", { origin: null });
      await t.http("no token", "GET", "/verify-email", { origin: null });
    },
  },
  {
    name: "send-verification-email",
    needs: ["mail"],
    async run(t) {
      const { auth, email } = await t.user("ann");
      await t.mail(email, { match: /verify-email/ });
      await t.call("ask", () => auth.sendVerificationEmail({ email, callbackURL: "/welcome" }));
      const link = await t.mail(email, { match: /verify-email/ });
      await t.open("open", link);
    },
  },
  {
    name: "change-email-unverified",
    needs: ["mail"],
    async run(t) {
      const { auth, jar } = await t.user("ann");
      const fresh = t.email("ann2");
      await t.call("ask", () => auth.changeEmail({ newEmail: fresh, callbackURL: "/profile" }));
      const link = await t.mail(fresh, { match: /verify-email/ });
      await t.open("open", link, { jar });
      await t.call("who am I", () => auth.getSession({ query: { disableCookieCache: true } }));
      await t.call("sign in with the new one", () =>
        t.client().auth.signIn.email({ email: fresh, password: t.password }),
      );
    },
  },
];
