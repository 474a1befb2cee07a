// Databases on a real Postgres, or one in this process.
import pg from "pg";

/** The reference's: a database of its own on the server of `url`, or PGlite in this process. */
export async function openReferenceDatabase(url) {
  if (!url) return (await import("./pglite-pool.mjs")).openPglite();
  const database = await emptyDatabase(url, "coffer_reference");
  const pool = openPool(database.url);
  const end = pool.end.bind(pool);
  pool.end = async () => {
    await end();
    await database.drop();
  };
  return pool;
}

/** Connections that read and write times in UTC. */
export function openPool(url) {
  return new pg.Pool({ connectionString: url, max: 4, options: "-c timezone=UTC" });
}

let made = 0;

/** A new, empty database on the server of `url`: `{ url, drop() }`. */
export async function emptyDatabase(url, name) {
  made += 1;
  const unique = `${name}_${process.pid}_${made}`;
  const run = async (text) => {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    try {
      await admin.query(text);
    } finally {
      await admin.end();
    }
  };
  await run(`create database ${unique}`);
  const own = new URL(url);
  own.pathname = `/${unique}`;
  return { url: own.href, drop: () => run(`drop database ${unique} with (force)`) };
}
