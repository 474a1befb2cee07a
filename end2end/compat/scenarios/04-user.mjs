// Changing the profile.
export default [
  {
    name: "update-user-name",
    async run(t) {
      const { auth } = await t.user("ann");
      await t.call("update", () => auth.updateUser({ name: "Ann the Second" }));
      await t.call("who am I", () => auth.getSession());
      await t.call("from the database", () => auth.getSession({ query: { disableCookieCache: true } }));
    },
  },
  {
    name: "update-user-image-null",
    async run(t) {
      const { auth } = await t.user("ann");
      await t.call("set", () => auth.updateUser({ image: "https://img.test/ann.png" }));
      await t.call("who am I", () => auth.getSession());
      await t.call("clear", () => auth.updateUser({ image: null }));
      await t.call("who am I", () => auth.getSession());
    },
  },
  {
    name: "update-user-refusals",
    async run(t) {
      const { auth, jar } = await t.user("ann");
      await t.call("email", () => auth.updateUser({ email: t.email("other") }));
      await t.http("nothing", "POST", "/update-user", { jar, json: {} });
      await t.http("unknown field only", "POST", "/update-user", { jar, json: { favouriteColour: "red" } });
      await t.http("array body", "POST", "/update-user", { jar, json: ["name"] });
      await t.http("nobody", "POST", "/update-user", { json: { name: "X" } });
    },
  },
  {
    name: "delete-user-by-mail",
    needs: ["mail"],
    async run(t) {
      const { auth, jar, email, password } = await t.user("ann");
      await t.call("ask", () => auth.deleteUser({ callbackURL: "/goodbye" }));
      const link = await t.mail(email, { match: /delete-user/ });
      await t.open("open the link", link, { jar });
      t.note("cookies held", jar.names());
      await t.call("sign in", () => t.client().auth.signIn.email({ email, password }));
    },
  },
];
