// What only the client of 1.2.8 asks for. Compared with a 1.2.8 server, and only in what the
// client hands to the application, since errors and cookies have moved on since.
const old = { clients: ["1.2.8"], reference: "1.2.8", observe: "client" };

export default [
  {
    ...old,
    name: "old-list-accounts",
    async run(t) {
      const { auth } = await t.user("ann");
      const { data } = await t.quiet(() => auth.listAccounts());
      t.note(
        "provider",
        data?.map((item) => item.provider),
      );
      t.note(
        "scopes",
        data?.map((item) => item.scopes),
      );
    },
  },
  {
    ...old,
    name: "old-unlink-by-provider",
    needs: ["google"],
    async run(t) {
      const { auth, jar } = await t.user("ann", { verified: true });
      await t.quiet(() => t.google("link", t.profileOf("ann"), { jar, via: "link-social" }));
      t.note("before", (await t.quiet(() => auth.listAccounts())).data?.length);
      await t.call("unlink", () => auth.unlinkAccount({ providerId: "google" }));
      t.note("after", (await t.quiet(() => auth.listAccounts())).data?.length);
    },
  },
  {
    ...old,
    name: "old-access-token-by-provider",
    needs: ["google"],
    async run(t) {
      const { auth, jar } = t.client();
      await t.quiet(() => t.google("x", t.profileOf("gil"), { jar }));
      await t.call("get", () => auth.getAccessToken({ providerId: "google" }));
    },
  },
  {
    ...old,
    name: "old-forget-password",
    needs: ["mail"],
    async run(t) {
      const ann = await t.user("ann");
      const { data } = await t.quiet(() => t.client().auth.forgetPassword({ email: ann.email, redirectTo: "/reset" }));
      t.note("status", data?.status);
      const link = await t.mail(ann.email, { match: /reset-password/ });
      await t.call("reset", () => t.client().auth.resetPassword({ newPassword: "a new password", token: link.token }));
      const { data: inside } = await t.quiet(() =>
        t.client().auth.signIn.email({ email: ann.email, password: "a new password" }),
      );
      t.note("signed in", Boolean(inside?.token));
    },
  },
];
