// What the program has sent: the built-in mailbox, by its interface for programs.
import { expect, type APIRequestContext, type Page } from "@playwright/test";
import { noteForTheLog } from "./secrets";

interface Summary {
  ID: string;
  Subject: string;
  To: { Address: string }[];
}

/** The text of the newest mail to this address with this subject; waits until it has come. */
export async function mailTo(request: APIRequestContext, address: string, subject: RegExp): Promise<string> {
  let id: string | undefined;
  await expect(async () => {
    const answer = await request.get("/dev/mail/api/v1/messages?limit=1000");
    const { messages } = (await answer.json()) as { messages: Summary[] };
    id = messages.find(({ Subject, To }) => subject.test(Subject) && To.some((to) => to.Address === address))?.ID;
    expect(id, `a mail to ${address} about ${subject}`).toBeDefined();
  }).toPass({ timeout: 15_000 });
  const answer = await request.get(`/dev/mail/api/v1/message/${id}`);
  return ((await answer.json()) as { Text: string }).Text;
}

/** The path behind the button of a mail. */
export function linkIn(text: string): string {
  const link = text.split("\n").find((line) => line.startsWith("http"));
  if (!link) throw new Error(`no link in ${text}`);
  const { pathname, search } = new URL(link.trim());
  return pathname + search;
}

/** The path and query of the link in the newest mail to `address` with exactly this subject. */
export async function mailedLink(page: Page, address: string, subject: string): Promise<string> {
  const link = linkIn(await mailTo(page.request, address, new RegExp(`^${subject}$`)));
  const token = /(?:token=|reset-password\/)([A-Za-z0-9._-]+)/.exec(link)?.[1];
  if (token) noteForTheLog(token);
  return link;
}

/** What the mails that `address` has had are about. */
export async function subjectsTo(page: Page, address: string): Promise<string[]> {
  const answer = await page.request.get("/dev/mail/api/v1/messages?limit=1000");
  const { messages } = (await answer.json()) as { messages: Summary[] };
  return messages.filter(({ To }) => To.some((to) => to.Address === address)).map(({ Subject }) => Subject);
}

/** How many mails `address` has had. */
export async function mailsTo(page: Page, address: string): Promise<number> {
  const answer = await page.request.get("/dev/mail/api/v1/messages?limit=1000");
  const { messages } = (await answer.json()) as { messages: Summary[] };
  return messages.filter(({ To }) => To.some((to) => to.Address === address)).length;
}
