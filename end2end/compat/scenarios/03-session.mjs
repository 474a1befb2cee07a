// Reading, listing and revoking sessions.
export default [
  {
    name: "get-session-without-cookie",
    async run(t) {
      await t.call("who am I", () => t.client().auth.getSession());
    },
  },
  {
    name: "get-session-from-database",
    async run(t) {
      const { auth, jar } = await t.user("ann");
      jar.delete(t.cookie("session_data"));
      await t.call("only the token cookie", () => auth.getSession());
      await t.call("cache present", () => auth.getSession());
      await t.call("cache refused", () => auth.getSession({ query: { disableCookieCache: true } }));
    },
  },
  {
    name: "get-session-tampered-signature",
    async run(t) {
      const { auth, jar } = await t.user("ann");
      jar.delete(t.cookie("session_data"));
      const name = t.cookie("session_token");
      const value = decodeURIComponent(jar.get(name));
      const dot = value.lastIndexOf(".");
      const flipped = value[dot + 1] === "A" ? "B" : "A";
      jar.set(name, encodeURIComponent(`${value.slice(0, dot + 1)}${flipped}${value.slice(dot + 2)}`));
      await t.call("who am I", () => auth.getSession());
      await t.call("list sessions", () => auth.listSessions());
    },
  },
  {
    name: "get-session-unsigned-token",
    async run(t) {
      const { auth, jar, token } = await t.user("ann");
      jar.delete(t.cookie("session_data")).set(t.cookie("session_token"), token);
      await t.call("bare token", () => auth.getSession());
    },
  },
  {
    name: "list-sessions",
    async run(t) {
      const ann = await t.user("ann");
      await t.signIn(ann.email);
      await t.call("list", () => ann.auth.listSessions());
      await t.call("list, nobody", () => t.client().auth.listSessions());
    },
  },
  {
    name: "revoke-session",
    async run(t) {
      const ann = await t.user("ann");
      const other = await t.signIn(ann.email);
      await t.call("revoke the other", () => ann.auth.revokeSession({ token: other.token }));
      other.jar.delete(t.cookie("session_data"));
      await t.call("the other now", () => other.auth.getSession());
      await t.call("me", () => ann.auth.getSession({ query: { disableCookieCache: true } }));
      await t.call("a token nobody has", () => ann.auth.revokeSession({ token: t.randomId(32) }));
      await t.http("no token", "POST", "/revoke-session", { jar: ann.jar, json: {} });
    },
  },
  {
    name: "revoke-other-sessions",
    async run(t) {
      const ann = await t.user("ann");
      const two = await t.signIn(ann.email);
      const three = await t.signIn(ann.email);
      await t.call("revoke others", () => ann.auth.revokeOtherSessions());
      for (const other of [two, three]) {
        other.jar.delete(t.cookie("session_data"));
        await t.call("other", () => other.auth.getSession());
      }
      await t.call("left", () => ann.auth.listSessions());
      await t.call("nobody", () => t.client().auth.revokeOtherSessions());
    },
  },
  {
    name: "revoked-session-lives-in-cookie-cache",
    async run(t) {
      const ann = await t.user("ann");
      const other = await t.signIn(ann.email);
      await t.quiet(() => ann.auth.revokeSession({ token: other.token }));
      await t.call("from the cache", () => other.auth.getSession());
      await t.call("update-user goes by the cache", () => other.auth.updateUser({ name: "Still here" }));
      await t.call("change-password does not", () =>
        other.auth.changePassword({ currentPassword: ann.password, newPassword: "another password" }),
      );
    },
  },
];
