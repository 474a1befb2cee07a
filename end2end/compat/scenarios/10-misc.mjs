// Health and the error page.
export default [
  {
    name: "ok",
    async run(t) {
      await t.http("ok", "GET", "/ok", { origin: null });
    },
  },
  {
    name: "error-page",
    async run(t) {
      await t.http("plain", "GET", "/error?error=state_mismatch", { origin: null });
      await t.http("with description", "GET", "/error?error=access_denied&error_description=no+thanks", {
        origin: null,
      });
      await t.http("markup as a code", "GET", `/error?error=${encodeURIComponent("<script>")}`, { origin: null });
    },
  },
];
