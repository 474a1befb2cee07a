// Linked accounts, checking the password.
export default [
  {
    name: "list-accounts",
    async run(t) {
      const { auth } = await t.user("ann");
      await t.call("list", () => auth.listAccounts());
      await t.call("nobody", () => t.client().auth.listAccounts());
    },
  },
  {
    name: "unlink-last-account",
    async run(t) {
      const { auth } = await t.user("ann");
      const { data } = await t.quiet(() => auth.listAccounts());
      await t.call("unlink", () => auth.unlinkAccount({ accountId: data?.[0]?.id }));
    },
  },
  {
    name: "verify-password",
    async run(t) {
      const { jar, password } = await t.user("ann");
      await t.http("right", "POST", "/verify-password", { jar, json: { password } });
      await t.http("wrong", "POST", "/verify-password", { jar, json: { password: "not the password" } });
      await t.http("nobody", "POST", "/verify-password", { json: { password } });
    },
  },
];
