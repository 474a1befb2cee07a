// The server under test, as the scenarios see it: an address for each profile, its mailbox, its database.
import { openPool } from "./database.mjs";
import { openMailbox } from "./mailbox.mjs";
import { SECRET, SECURE_BASE } from "./profiles.mjs";

export async function openCandidate({ urls, database, mail }) {
  const bases = {};
  for (const [profile, url] of Object.entries(urls)) {
    if (!url) continue;
    const connect = new URL(url).origin;
    bases[profile] = { connect, origin: profile === "secure" ? SECURE_BASE : connect };
  }
  const pool = database && openPool(database);
  return {
    name: "candidate",
    bases,
    secret: SECRET,
    mail: openMailbox(mail),
    sql: pool && (async (text, values) => (await pool.query(text, values)).rows),
    stop: async () => pool?.end(),
  };
}
