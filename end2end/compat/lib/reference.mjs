// The reference: real Better Auth behind node:http, one listener per profile, one database per side.
import http from "node:http";
import { serverPlugins } from "./plugins.mjs";
import { COOKIE_CACHE_SECONDS, EXTRA_ORIGINS, GOOGLE, PROFILES, SECRET, SECURE_BASE } from "./profiles.mjs";

const LIBS = {
  "1.7.24": { main: "better-auth", migrate: () => import("better-auth/db/migration") },
  "1.2.8": { main: "better-auth-1-2-8", migrate: () => import("better-auth-1-2-8/db") },
};

function optionsFor(profile, { base, database, outbox, version, plugins }) {
  const mail = (kind) => async (data) => {
    const message = {
      id: String(outbox.length + 1),
      to: data.user.email,
      subject: kind,
      text: `Open this link: ${data.url}`,
    };
    outbox.push(message);
  };
  const sendCode = (to, code) => {
    outbox.push({ id: String(outbox.length + 1), to, subject: "code", text: `Your code is ${code}.` });
  };
  const strict = profile === "strict";
  return {
    appName: "Coffer",
    baseURL: base,
    basePath: "/api/auth",
    secret: SECRET,
    database,
    logger: { disabled: true },
    telemetry: { enabled: false },
    trustedOrigins: EXTRA_ORIGINS,
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: strict,
      sendResetPassword: mail("reset-password"),
    },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: strict,
      sendVerificationEmail: mail("verify-email"),
    },
    user: {
      changeEmail: {
        enabled: true,
        // 1.2.8 knew only the first name, 1.7 only the second
        sendChangeEmailVerification: mail("change-email-confirmation"),
        sendChangeEmailConfirmation: mail("change-email-confirmation"),
      },
      deleteUser: { enabled: true, sendDeleteAccountVerification: mail("delete-account") },
    },
    // 1.2.8 reads the clock twice for one cache cookie: when a millisecond lies between, it refuses its own signature,
    // and so the session. Of one answer in thirty nobody could say what it would be.
    session: { cookieCache: { enabled: version !== "1.2.8", maxAge: COOKIE_CACHE_SECONDS } },
    rateLimit: { enabled: profile === "limited", storage: "memory" },
    socialProviders: { google: { ...GOOGLE } },
    advanced: version === "1.2.8" ? { ipAddress: {} } : {},
    plugins: serverPlugins(plugins, { base, sendCode }),
  };
}

// The client of 1.2.8 asks for a reset under the older name; 1.7 has no such route.
// The candidate is asked to serve both, so the reference does too.
const LEGACY_PATHS = new Map([["/api/auth/forget-password", "/api/auth/request-password-reset"]]);

function listen(getHandler, origin, version, mutate) {
  const server = http.createServer((req, res) => {
    const chunks = [];
    req.on("data", (chunk) => chunks.push(chunk));
    req.on("end", async () => {
      const headers = new Headers();
      for (let i = 0; i < req.rawHeaders.length; i += 2) headers.append(req.rawHeaders[i], req.rawHeaders[i + 1]);
      const url = new URL(req.url, origin());
      if (version !== "1.2.8" && LEGACY_PATHS.has(url.pathname)) url.pathname = LEGACY_PATHS.get(url.pathname);
      const body = Buffer.concat(chunks);
      const hasBody = !["GET", "HEAD"].includes(req.method) && body.length > 0;
      const request = new Request(url, { method: req.method, headers, body: hasBody ? body : undefined });
      try {
        const answer = await getHandler()(request);
        const headers = [...answer.headers].filter(([name]) => name !== "set-cookie");
        for (const cookie of answer.headers.getSetCookie()) headers.push(["set-cookie", cookie]);
        let out = { status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) };
        if (mutate) out = mutate(out, { method: req.method, path: url.pathname }) ?? out;
        res.writeHead(out.status, out.headers.flat());
        res.end(out.body);
      } catch (error) {
        res.writeHead(500, { "content-type": "text/plain" });
        res.end(`reference threw: ${error?.stack ?? error}`);
      }
    });
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

export async function startReference({
  version = "1.7.24",
  openDatabase,
  profiles = PROFILES,
  name = "reference",
  migrate = true,
  mutate,
  plugins = [],
}) {
  const lib = LIBS[version];
  if (!lib) throw new Error(`no reference for version ${version}`);
  const { betterAuth } = await import(lib.main);
  const { getMigrations } = await lib.migrate();
  const database = await openDatabase();
  const outbox = [];
  const servers = [];
  const bases = {};
  let migrated = !migrate;
  for (const profile of profiles) {
    let handler = null;
    let base = null;
    const server = await listen(
      () => handler,
      () => base,
      version,
      mutate,
    );
    servers.push(server);
    const address = `http://localhost:${server.address().port}`;
    base = profile === "secure" ? SECURE_BASE : address;
    const options = optionsFor(profile, { base, database, outbox, version, plugins });
    if (!migrated) {
      const { runMigrations } = await getMigrations(options);
      await runMigrations();
      migrated = true;
    }
    handler = betterAuth(options).handler;
    bases[profile] = { connect: address, origin: base };
  }
  return {
    name,
    version,
    bases,
    secret: SECRET,
    mail: { list: async (to) => outbox.filter((item) => item.to.toLowerCase() === to.toLowerCase()) },
    sql: async (text, values) => (await database.query(text, values)).rows,
    stop: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await database.end();
    },
  };
}
