// Another site where people have accounts: a certified OpenID provider with a page of its own that asks who somebody
// is and whether they agree. Whoever names an address has it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import Provider from "oidc-provider";

const CLIENT = { id: "coffer-end2end", secret: randomBytes(24).toString("hex") };
const SCOPE = "openid profile email";

export function providerOrigin(): string {
  return `http://localhost:${process.env.COFFER_E2E_PROVIDER_PORT}`;
}

/** What the program is told about it. */
export function providerSettings(): NodeJS.ProcessEnv {
  return {
    OIDC_ACME_ISSUER: providerOrigin(),
    OIDC_ACME_CLIENT_ID: CLIENT.id,
    OIDC_ACME_CLIENT_SECRET: CLIENT.secret,
    OIDC_ACME_LABEL: "Acme",
  };
}

/** Starts it; the answer stops it. */
export async function startProvider(app: string): Promise<() => Promise<void>> {
  const provider = new Provider(providerOrigin(), {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        token_endpoint_auth_method: "client_secret_post",
        redirect_uris: [`${app}/api/auth/callback/acme`],
      },
    ],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
    // The ID token has the claims itself, as Google's has.
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(24).toString("hex")] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: "Ada of Acme", email: id, email_verified: true }),
    }),
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
  });
  const answer = provider.callback();
  const server = createServer((request, response) => {
    if (!request.url?.startsWith("/interaction/")) return answer(request, response);
    interact(provider, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.listen(Number(process.env.COFFER_E2E_PROVIDER_PORT), "localhost");
  await once(server, "listening");
  return () => stop(server);
}

async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  await provider.interactionFinished(request, response, await decision(provider, form, String(params.client_id)), {
    mergeWithLastSubmission: false,
  });
}

async function decision(provider: Provider, form: URLSearchParams, clientId: string): Promise<object> {
  if (form.get("answer") !== "agree") {
    return { error: "access_denied", error_description: "The person refused." };
  }
  const accountId = form.get("address") ?? "";
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(SCOPE);
  return { login: { accountId }, consent: { grantId: await grant.save() } };
}

const PAGE = `<!doctype html>
<html lang="en"><head><title>Acme</title><link rel="icon" href="data:,"></head><body><main>
<h1>Acme</h1>
<form method="post">
<label>Address <input name="address"></label>
<button name="answer" value="agree">Agree</button>
<button name="answer" value="refuse">Refuse</button>
</form></main></body></html>`;

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
