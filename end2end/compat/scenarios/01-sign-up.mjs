// Sign-up with email and password.
export default [
  {
    name: "sign-up",
    async run(t) {
      const { auth, jar } = t.client();
      await t.call("sign up", () =>
        auth.signUp.email({ email: t.email("ann"), password: t.password, name: "Ann Lee" }),
      );
      t.note("cookies held", jar.names());
      await t.call("who am I", () => auth.getSession());
    },
  },
  {
    name: "sign-up-image-and-mixed-case-email",
    async run(t) {
      const { auth } = t.client();
      await t.call("sign up", () =>
        auth.signUp.email({
          email: t.email("Bob").toUpperCase(),
          password: t.password,
          name: "Bob",
          image: "https://img.test/bob.png",
        }),
      );
      await t.call("sign in in lower case", () =>
        t.client().auth.signIn.email({ email: t.email("bob").toLowerCase(), password: t.password }),
      );
    },
  },
  {
    name: "sign-up-twice",
    async run(t) {
      await t.user("ann");
      const { auth, jar } = t.client();
      await t.call("same email", () =>
        auth.signUp.email({ email: t.email("ann"), password: "another password", name: "Eve" }),
      );
      t.note("cookies held", jar.names());
      await t.call("other password does not work", () =>
        auth.signIn.email({ email: t.email("ann"), password: "another password" }),
      );
    },
  },
  {
    name: "sign-up-short-password",
    async run(t) {
      const { auth } = t.client();
      await t.call("seven characters", () =>
        auth.signUp.email({ email: t.email("ann"), password: "1234567", name: "Ann" }),
      );
      await t.call("eight characters", () =>
        auth.signUp.email({ email: t.email("ann"), password: "12345678", name: "Ann" }),
      );
    },
  },
  {
    name: "sign-up-invalid-email",
    async run(t) {
      const { auth } = t.client();
      await t.call("no at sign", () => auth.signUp.email({ email: "not-an-email", password: t.password, name: "Ann" }));
      await t.http("no email", "POST", "/sign-up/email", { json: { password: t.password, name: "Ann" } });
      await t.http("no body fields", "POST", "/sign-up/email", { json: {} });
    },
  },
  {
    name: "sign-up-not-remembered",
    async run(t) {
      const { auth, jar } = t.client();
      await t.call("sign up", () =>
        auth.signUp.email({ email: t.email("ann"), password: t.password, name: "Ann", rememberMe: false }),
      );
      t.note("cookies held", jar.names());
      jar.delete(t.cookie("session_data"));
      await t.call("who am I", () => auth.getSession());
    },
  },
];
