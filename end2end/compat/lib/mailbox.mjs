// Where the candidate's outgoing mail is read: a Mailpit-compatible HTTP API, or a JSON Lines file
// with one object per message: {"to": "a@b", "subject": "...", "text": "...", "html": "..."}.
import { readFile } from "node:fs/promises";

const same = (address, wanted) => String(address).toLowerCase() === wanted.toLowerCase();

export function openMailbox(where) {
  if (!where) return null;
  return /^https?:/.test(where) ? mailpit(where.replace(/\/+$/, "")) : jsonLines(where);
}

function mailpit(base) {
  return {
    async list(to) {
      const res = await fetch(`${base}/api/v1/messages?limit=500`);
      if (!res.ok) throw new Error(`mailbox answered ${res.status}`);
      const { messages } = await res.json();
      const mine = messages.filter((item) => (item.To ?? []).some((person) => same(person.Address, to)));
      const full = [];
      for (const { ID } of mine.reverse()) {
        const one = await (await fetch(`${base}/api/v1/message/${ID}`)).json();
        full.push({ id: ID, subject: one.Subject, text: one.Text, html: one.HTML });
      }
      return full;
    },
  };
}

function jsonLines(file) {
  return {
    async list(to) {
      const text = await readFile(file, "utf8").catch(() => "");
      return text
        .split("\n")
        .filter(Boolean)
        .map((line, index) => ({ id: String(index), ...JSON.parse(line) }))
        .filter((item) => [item.to].flat().some((address) => same(address?.address ?? address, to)));
    },
  };
}

export function linksIn(message) {
  const text = `${message.text ?? ""}\n${message.html ?? ""}`.replace(/&amp;/g, "&");
  return [...new Set([...text.matchAll(/https?:\/\/[^\s"'<>)\]]+/g)].map((match) => match[0]))];
}
