// Sign-in with email and password, sign-out.
export default [
  {
    name: "sign-in",
    async run(t) {
      const ann = await t.user("ann");
      const { auth, jar } = t.client();
      await t.call("sign in", () => auth.signIn.email({ email: ann.email, password: ann.password }));
      t.note("cookies held", jar.names());
    },
  },
  {
    name: "sign-in-wrong-password",
    async run(t) {
      const ann = await t.user("ann");
      const { auth, jar } = t.client();
      await t.call("wrong password", () => auth.signIn.email({ email: ann.email, password: "not the password" }));
      t.note("cookies held", jar.names());
    },
  },
  {
    name: "sign-in-unknown-email",
    async run(t) {
      await t.call("nobody", () => t.client().auth.signIn.email({ email: t.email("nobody"), password: t.password }));
    },
  },
  {
    name: "sign-in-not-remembered",
    async run(t) {
      const ann = await t.user("ann");
      const { auth, jar } = t.client();
      await t.call("sign in", () => auth.signIn.email({ email: ann.email, password: ann.password, rememberMe: false }));
      t.note("cookies held", jar.names());
      await t.call("sign in again, remembered", () =>
        auth.signIn.email({ email: ann.email, password: ann.password, rememberMe: true }),
      );
      t.note("cookies held", jar.names());
    },
  },
  {
    name: "sign-in-with-callback-url",
    async run(t) {
      const ann = await t.user("ann");
      await t.call("relative", () =>
        t.client().auth.signIn.email({ email: ann.email, password: ann.password, callbackURL: "/dashboard?tab=1" }),
      );
      await t.call("absolute, own origin", () =>
        t
          .client()
          .auth.signIn.email({ email: ann.email, password: ann.password, callbackURL: `${t.origin}/dashboard` }),
      );
    },
  },
  {
    name: "sign-out",
    async run(t) {
      const { auth, jar } = await t.user("ann");
      const old = jar.clone();
      await t.call("sign out", () => auth.signOut());
      t.note("cookies held", jar.names());
      await t.call("who am I", () => auth.getSession());
      old.delete(t.cookie("session_data"));
      await t.call("the old token", () => t.client({ jar: old }).auth.getSession());
    },
  },
  {
    name: "sign-out-without-session",
    async run(t) {
      await t.call("sign out", () => t.client().auth.signOut());
    },
  },
];
