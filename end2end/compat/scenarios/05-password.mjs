// Changing and resetting the password.
export default [
  {
    name: "change-password",
    async run(t) {
      const ann = await t.user("ann");
      await t.call("change", () =>
        ann.auth.changePassword({ currentPassword: ann.password, newPassword: "a new password" }),
      );
      await t.call("old", () => t.client().auth.signIn.email({ email: ann.email, password: ann.password }));
      await t.call("new", () => t.client().auth.signIn.email({ email: ann.email, password: "a new password" }));
    },
  },
  {
    name: "change-password-and-revoke-others",
    async run(t) {
      const ann = await t.user("ann");
      const other = await t.signIn(ann.email);
      const before = ann.jar.clone();
      await t.call("change", () =>
        ann.auth.changePassword({
          currentPassword: ann.password,
          newPassword: "a new password",
          revokeOtherSessions: true,
        }),
      );
      t.note("token changed", before.get(t.cookie("session_token")) !== ann.jar.get(t.cookie("session_token")));
      await t.call("me", () => ann.auth.getSession({ query: { disableCookieCache: true } }));
      other.jar.delete(t.cookie("session_data"));
      await t.call("other", () => other.auth.getSession());
      await t.call("left", () => ann.auth.listSessions());
    },
  },
  {
    name: "change-password-refusals",
    async run(t) {
      const ann = await t.user("ann");
      await t.call("wrong current", () =>
        ann.auth.changePassword({ currentPassword: "not the password", newPassword: "a new password" }),
      );
      await t.call("new one short", () =>
        ann.auth.changePassword({ currentPassword: ann.password, newPassword: "short" }),
      );
      await t.call("nobody", () =>
        t.client().auth.changePassword({ currentPassword: ann.password, newPassword: "a new password" }),
      );
      await t.http("field missing", "POST", "/change-password", {
        jar: ann.jar,
        json: { newPassword: "a new password" },
      });
    },
  },
  {
    name: "reset-password",
    needs: ["mail"],
    async run(t) {
      const ann = await t.user("ann");
      const { auth } = t.client();
      await t.call("ask", () => auth.requestPasswordReset({ email: ann.email, redirectTo: "/reset" }));
      const link = await t.mail(ann.email, { match: /reset-password/ });
      await t.open("open the link", link);
      await t.call("reset", () => auth.resetPassword({ newPassword: "a new password", token: link.token }));
      await t.call("again with the same token", () =>
        auth.resetPassword({ newPassword: "yet another", token: link.token }),
      );
      await t.call("old", () => auth.signIn.email({ email: ann.email, password: ann.password }));
      await t.call("new", () => auth.signIn.email({ email: ann.email, password: "a new password" }));
    },
  },
  {
    name: "reset-password-invalid-token",
    async run(t) {
      await t.call("made-up token", () =>
        t.client().auth.resetPassword({ newPassword: "a new password", token: t.randomId(24) }),
      );
      await t.http("no token", "POST", "/reset-password", { json: { newPassword: "a new password" } });
      await t.http(
        "link with made-up token",
        "GET",
        `/reset-password/${t.randomId(24)}?callbackURL=${encodeURIComponent("/reset")}`,
        { origin: null },
      );
      await t.http("link without callback", "GET", `/reset-password/${t.randomId(24)}`, { origin: null });
    },
  },
  {
    name: "reset-password-unknown-email",
    needs: ["mail"],
    async run(t) {
      await t.call("ask", () =>
        t.client().auth.requestPasswordReset({ email: t.email("nobody"), redirectTo: "/reset" }),
      );
      await t.noMail(t.email("nobody"));
    },
  },
  {
    name: "forget-password-older-name",
    needs: ["mail"],
    async run(t) {
      const ann = await t.user("ann");
      await t.call("ask", () => t.client().auth.forgetPassword({ email: ann.email, redirectTo: "/reset" }));
      const link = await t.mail(ann.email, { match: /reset-password/ });
      await t.call("reset", () => t.client().auth.resetPassword({ newPassword: "a new password", token: link.token }));
    },
  },
];
