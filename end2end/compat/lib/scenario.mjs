// What a scenario gets: clients with cookie jars, raw requests, mail, and a log of all that was seen.
import { Jar, send } from "./transport.mjs";
import { makeNormaliser } from "./normalise.mjs";
import { linksIn } from "./mailbox.mjs";
import { makeCode } from "./oidc-mock.mjs";
import { randomId } from "./forge.mjs";

const AGENT = "coffer-compat/1.0";
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class T {
  constructor({ profile = "default", observe = "all", plugins = [], settings, ...given }) {
    const { side, uid, createAuthClient, clientVersion, oidc } = given;
    Object.assign(this, { side, uid, createAuthClient, clientVersion, oidc, profile, observe, plugins });
    this.log = [];
    this.label = null;
    this.silent = 0;
    this.seenMail = new Set();
    const { connect, origin } = side.bases[profile];
    this.connect = connect;
    this.origin = origin;
    this.secret = side.secret;
    this.normal = makeNormaliser({ origin, connect, ...settings });
    this.password = "correct horse 1";
  }

  email(label) {
    return `${label}.${this.uid}@coffer.test`;
  }
  jar() {
    return new Jar();
  }
  prefix() {
    return this.origin.startsWith("https://") ? "__Secure-better-auth." : "better-auth.";
  }
  cookie(name) {
    return `${this.prefix()}${name}`;
  }
  randomId(length) {
    return randomId(length);
  }
  must(ok, why) {
    if (!ok) throw new Error(`setup: ${why}`);
    return ok;
  }
  record(entry) {
    if (!this.silent) this.log.push(this.label && !entry.label ? { label: this.label, ...entry } : entry);
  }
  note(label, value) {
    this.record({ label, value: this.normal.value(value) });
    return value;
  }
  async quiet(fn) {
    this.silent++;
    try {
      return await fn();
    } finally {
      this.silent--;
    }
  }

  async exchange({ method, path, headers, body, jar, origin }) {
    const all = { "user-agent": AGENT, ...headers };
    if (origin !== null && all.origin === undefined) all.origin = origin ?? this.origin;
    if (jar && jar.names().length && all.cookie === undefined) all.cookie = jar.header();
    if (all.cookie === null) delete all.cookie;
    const answer = await send({ connect: this.connect, path, method, headers: all, body });
    if (jar) jar.absorb(answer.setCookies);
    const seen = this.normal.exchange({ method, path, answer });
    this.lastRequest = seen.request;
    if (this.observe !== "client") this.record(seen);
    return answer;
  }

  // A raw request below /api/auth. `json`, `form` or `body` (+ `type`) give the body.
  async http(label, method, path, { json, form, body, type, ...rest } = {}) {
    const headers = { ...rest.headers };
    let payload = body;
    if (json !== undefined) {
      payload = JSON.stringify(json);
      headers["content-type"] ??= "application/json";
    }
    if (form !== undefined) {
      payload = new URLSearchParams(form).toString();
      headers["content-type"] ??= "application/x-www-form-urlencoded";
    }
    if (type) headers["content-type"] = type;
    const before = this.label;
    this.label = label;
    try {
      const answer = await this.exchange({ ...rest, method, path: `/api/auth${path}`, headers, body: payload });
      let data = null;
      try {
        data = JSON.parse(answer.text);
      } catch {
        /* not JSON */
      }
      return { ...answer, json: data, location: answer.headers.location ?? null };
    } finally {
      this.label = before;
    }
  }

  // The real client, on our transport.
  client({ jar = new Jar(), headers = {}, origin } = {}) {
    const customFetchImpl = async (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : String(input));
      const own = {};
      new Headers(init.headers).forEach((value, name) => {
        own[name] = value;
      });
      const answer = await this.exchange({
        method: (init.method ?? "GET").toUpperCase(),
        path: url.pathname + url.search,
        headers: { ...own, ...headers },
        body: init.body ?? undefined,
        jar,
        origin,
      });
      const empty = [101, 204, 205, 304].includes(answer.status);
      const out = new Headers();
      for (const [name, value] of Object.entries(answer.headers))
        if (name !== "set-cookie") out.set(name, String(value));
      return new Response(empty ? null : answer.text, { status: answer.status, headers: out });
    };
    const { plugins } = this;
    const auth = this.createAuthClient({ baseURL: this.origin, plugins, fetchOptions: { customFetchImpl } });
    return { auth, jar };
  }

  async call(label, fn) {
    const before = this.label;
    this.label = label;
    let result;
    try {
      result = await fn();
    } catch (error) {
      result = { data: null, error: { thrown: error.message } };
    } finally {
      this.label = before;
    }
    const { data, error } = result ?? {};
    const failed = error
      ? { status: error.status, code: error.code, message: error.message, thrown: error.thrown }
      : null;
    this.record({
      label: `${label}, client`,
      of: this.lastRequest,
      data: this.normal.value(data ?? null),
      error: this.normal.value(failed),
    });
    return result ?? {};
  }

  // A signed-up user in a browser of its own (not logged).
  async user(label, { verified = false, name = `Name ${label}`, password = this.password, rememberMe } = {}) {
    const email = this.email(label);
    return this.quiet(async () => {
      const { auth, jar } = this.client();
      const { data, error } = await auth.signUp.email({
        email,
        password,
        name,
        ...(rememberMe === undefined ? {} : { rememberMe }),
      });
      this.must(data?.user, `sign-up of ${label} failed: ${JSON.stringify(error)}`);
      if (verified) await this.verify(email, jar);
      return { auth, jar, email, password, name, id: data.user.id, token: data.token };
    });
  }

  async verify(email, jar) {
    return this.quiet(async () => {
      if (this.side.mail) {
        const { path } = await this.mail(email, { match: /verify-email/ });
        const answer = await this.exchange({ method: "GET", path });
        this.must(answer.status < 400, `verify-email answered ${answer.status}`);
      } else {
        await this.sql('update "user" set "emailVerified" = true where email = $1', [email]);
      }
      jar?.delete(this.cookie("session_data"));
    });
  }

  // Another browser of the same user.
  async signIn(email, password = this.password, extra = {}) {
    return this.quiet(async () => {
      const { auth, jar } = this.client(extra.client);
      const { data, error } = await auth.signIn.email({ email, password, ...extra.body });
      this.must(data?.token, `sign-in of ${email} failed: ${JSON.stringify(error)}`);
      return { auth, jar, email, token: data.token, id: data.user.id };
    });
  }

  // The oldest mail to an address not yet read here in which `find` finds something: that.
  async unread(to, find, timeout = 8000) {
    const until = Date.now() + timeout;
    for (;;) {
      for (const message of await this.side.mail.list(to)) {
        if (this.seenMail.has(message.id)) continue;
        const found = find(message);
        if (!found) continue;
        this.seenMail.add(message.id);
        return found;
      }
      if (Date.now() > until) throw new Error(`no mail to ${to} within ${timeout} ms`);
      await sleep(50);
    }
  }

  // The link in the oldest unread mail to an address that has one which matches.
  async mail(to, { match = /\/api\/auth\//, timeout } = {}) {
    const link = await this.unread(to, (message) => linksIn(message).find((item) => match.test(item)), timeout);
    const url = new URL(link);
    const token = url.searchParams.get("token") ?? url.pathname.split("/").pop();
    this.note(`mail to ${to.split(".")[0]}`, { link });
    return { link, path: url.pathname + url.search, token, url };
  }

  // The code in the oldest unread mail to an address that has one.
  async code(to) {
    const code = await this.unread(to, (message) => /Your code is (\d{6})\b/.exec(message.text)?.[1]);
    this.note(`code to ${to.split(".")[0]}`, code.replace(/\d/g, "n"));
    return code;
  }

  async noMail(to, { match = /\/api\/auth\//, wait = 500 } = {}) {
    await sleep(wait);
    const fresh = (await this.side.mail.list(to)).filter(
      (item) => !this.seenMail.has(item.id) && linksIn(item).some((link) => match.test(link)),
    );
    this.note(`mail to ${to.split(".")[0]}`, { count: fresh.length });
  }

  // Opens a mailed link the way a browser would: no Origin, the jar's cookies.
  async open(label, link, { jar, origin = null } = {}) {
    const before = this.label;
    this.label = label;
    try {
      const answer = await this.exchange({ method: "GET", path: link.path ?? link, jar, origin });
      return { ...answer, location: answer.headers.location ?? null };
    } finally {
      this.label = before;
    }
  }

  async sql(text, values) {
    return this.side.sql(text, values);
  }
  async rows(table, where = {}) {
    const keys = Object.keys(where);
    const test = keys.map((key, index) => `"${key}" = $${index + 1}`).join(" and ") || "true";
    return this.sql(`select * from "${table}" where ${test}`, Object.values(where));
  }

  profileOf(label, extra = {}) {
    const sub = `g-${label}-${this.uid}`;
    return {
      sub,
      email: this.email(label),
      email_verified: true,
      name: `Google ${label}`,
      picture: `https://img.test/${label}.png`,
      ...extra,
    };
  }

  // The Google round trip without Google: take the authorization URL apart, make the code the mock
  // will understand, and follow the callback in the same browser.
  async google(label, profile, { jar, body = {}, state, code, query = {}, via = "sign-in/social" } = {}) {
    const start = await this.http(`${label}: start`, "POST", `/${via}`, {
      jar,
      json: { provider: "google", callbackURL: "/after", ...body },
    });
    this.must(start.json?.url, `no authorization url: ${start.status} ${start.text}`);
    const url = new URL(start.json.url);
    const params = new URLSearchParams({
      code: code ?? makeCode(profile, url),
      state: state ?? url.searchParams.get("state"),
      ...query,
    });
    for (const [key, item] of [...params]) if (item === "undefined") params.delete(key);
    const back = await this.http(`${label}: callback`, "GET", `/callback/google?${params}`, { jar, origin: null });
    return { start, back, url, params };
  }
}
