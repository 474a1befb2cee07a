// Makes one PGlite (Postgres compiled to WASM, in this process) look like a pg.Pool,
// which is all that Better Auth's Kysely adapter asks of a database.
import { PGlite } from "@electric-sql/pglite";

export async function openPglite() {
  const db = await PGlite.create();
  let tail = Promise.resolve();
  const lock = () => {
    let free;
    const mine = new Promise((done) => {
      free = done;
    });
    const before = tail;
    tail = tail.then(() => mine);
    return before.then(() => free);
  };
  const run = async (text, values = []) => {
    const sql = typeof text === "object" ? text.text : text;
    const params = (typeof text === "object" ? text.values : values) ?? [];
    const result = await db.query(sql, params);
    const command = sql.trim().split(/\s+/, 1)[0].toUpperCase();
    return { rows: result.rows, rowCount: result.affectedRows || result.rows.length, command, fields: result.fields };
  };
  const pool = {
    async connect() {
      const free = await lock();
      let released = false;
      return {
        query: run,
        release() {
          if (!released) {
            released = true;
            free();
          }
        },
        on() {},
        off() {},
        removeListener() {},
      };
    },
    async query(text, values) {
      const client = await pool.connect();
      try {
        return await client.query(text, values);
      } finally {
        client.release();
      }
    },
    on() {},
    async end() {
      await db.close();
    },
  };
  return pool;
}
