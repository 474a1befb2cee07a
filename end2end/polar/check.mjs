// Asks the stand-in of Polar everything with Polar's real SDKs, and lets them judge what comes back and what is
// delivered: scripts/polar-sdks. Prints "N passed, M failed"; anything but 0 failed is an error.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Polar as Polar47 } from "polar-sdk-0-47";
import * as hooks47 from "polar-sdk-0-47/webhooks.js";
import { Polar as Polar49 } from "polar-sdk-0-49";
import * as hooks49 from "polar-sdk-0-49/webhooks.js";
import { createPolar as create04, webhooks as hooks04 } from "polar-sdk-1/2026-04";
import { createPolar as create10, webhooks as hooks10 } from "polar-sdk-1/2026-10";

const BASE = process.env.POLAR_LOCAL_URL ?? "http://127.0.0.1:4242/dev/polar";
const TOKEN = process.env.POLAR_LOCAL_TOKEN ?? "polar_oat_local";
const SECRET = process.env.POLAR_LOCAL_SECRET ?? "whsec_Y29mZmVyLWxvY2FsLXdlYmhvb2stc2VjcmV0LTAwMDE=";
const PORT = Number(process.env.POLAR_LOCAL_RECEIVER ?? 4301);
// Types that the older SDKs do not have: their shape is checked under the name of a sibling.
const SIBLINGS = { "subscription.cycled": "subscription.updated", "subscription.paused": "subscription.updated", "subscription.resumed": "subscription.updated" };

let passed = 0;
let failed = 0;
const check = async (name, work) => {
  try {
    const answer = await work();
    passed += 1;
    return answer;
  } catch (error) {
    failed += 1;
    console.error(`FAIL ${name}: ${String(error.message ?? error).slice(0, 500)}\n     ${String(error.cause?.message ?? error.rawValue ?? "").slice(0, 1500)}`);
    return undefined;
  }
};
const local = async (path, body, method = "POST") => {
  const answer = await fetch(`${BASE}/_local/${path}`, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
};

// The stand-in may still be starting.
const patience = Date.now() + 30_000;
const answers = () => fetch(`${BASE}/_local/health`).then((answer) => answer.ok, () => false);
while (!(await answers())) {
  assert.ok(Date.now() < patience, `${BASE} does not answer`);
  await new Promise((resolve) => setTimeout(resolve, 100));
}

// ---------------------------------------------------------------- what is delivered
const received = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (part) => (body += part)).on("end", () => {
    received.push({ headers: request.headers, body });
    response.writeHead(202).end();
  });
});
await new Promise((ready) => receiver.listen(PORT, "127.0.0.1", ready));
const legacy = (body) => {
  const id = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", SECRET).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
};
const judgeDeliveries = async () => {
  const kinds = new Map();
  for (const { headers, body } of received.splice(0)) {
    const event = JSON.parse(body);
    kinds.set(event.type, (kinds.get(event.type) ?? 0) + 1);
    for (const [label, sdk] of [["1.0.1/2026-04", hooks04], ["1.0.1/2026-10", hooks10]])
      await check(`${label} ${event.type}`, async () => assert.deepEqual(await sdk.validateEvent(body, headers, SECRET), event));
    const sibling = JSON.stringify({ ...event, type: SIBLINGS[event.type] ?? event.type });
    // The older SDKs know the older key alone.
    for (const [label, sdk] of [["0.47.1", hooks47], ["0.49.0", hooks49]])
      await check(`${label} ${event.type}`, () => {
        const read = sdk.validateEvent(sibling, legacy(sibling), SECRET);
        assert.equal(read.data.id, event.data.id);
      });
    await check(`printed once ${event.type}`, () => assert.equal(JSON.stringify(event), body));
  }
  return kinds;
};

// ---------------------------------------------------------------- one surface for all of them
const old = (Polar, label) => {
  const polar = new Polar({ accessToken: TOKEN, serverURL: BASE });
  const portal = (token) => ({ customerSession: token });
  const page = async (list) => (await list).result.items;
  return {
    label,
    createCustomer: (email, name, externalId) => polar.customers.create({ email, name, externalId }),
    getCustomer: (id) => polar.customers.get({ id }),
    getExternal: (externalId) => polar.customers.getExternal({ externalId }),
    state: (externalId) => polar.customers.getStateExternal({ externalId }),
    stateById: (id) => polar.customers.getState({ id }),
    rename: (externalId, name) => polar.customers.updateExternal({ externalId, customerUpdateExternalID: { name } }),
    listCustomers: (email) => page(polar.customers.list({ email })),
    deleteCustomer: (externalId) => polar.customers.deleteExternal({ externalId }),
    checkout: (products, externalCustomerId) => polar.checkouts.create({ products, externalCustomerId, successUrl: "http://localhost:3000/success?checkout_id={CHECKOUT_ID}", returnUrl: "http://localhost:3000/pricing", metadata: { referenceId: externalCustomerId, seats: 2, trial: true } }),
    getCheckout: (id) => polar.checkouts.get({ id }),
    listCheckouts: () => page(polar.checkouts.list({})),
    subscriptions: (externalCustomerId) => page(polar.subscriptions.list({ externalCustomerId })),
    getSubscription: (id) => polar.subscriptions.get({ id }),
    patch: (id, body) => polar.subscriptions.update({ id, subscriptionUpdate: body }),
    revoke: (id) => polar.subscriptions.revoke({ id }),
    orders: (externalCustomerId) => page(polar.orders.list({ externalCustomerId })),
    getOrder: (id) => polar.orders.get({ id }),
    askInvoice: (id) => polar.orders.generateInvoice({ id }),
    invoice: (id) => polar.orders.invoice({ id }),
    refund: (orderId, amount) => polar.refunds.create({ orderId, amount, reason: "customer_request" }),
    refunds: () => page(polar.refunds.list({})),
    products: () => page(polar.products.list({ isArchived: false, limit: 100 })),
    getProduct: (id) => polar.products.get({ id }),
    meters: () => page(polar.meters.list({})),
    customerMeters: (externalCustomerId) => page(polar.customerMeters.list({ externalCustomerId })),
    ingest: (externalCustomerId) => polar.events.ingest({ events: [{ name: "api_call", externalCustomerId, externalId: randomUUID(), metadata: { route: "/v1" } }] }),
    session: (externalCustomerId) => polar.customerSessions.create({ externalCustomerId, returnUrl: "http://localhost:3000/x" }),
    endpoints: () => page(polar.webhooks.listWebhookEndpoints({})),
    deliveries: () => page(polar.webhooks.listWebhookDeliveries({ limit: 100 })),
    redeliver: (id) => polar.webhooks.redeliverWebhookEvent({ id }),
    mySubscriptions: (token) => page(polar.customerPortal.subscriptions.list(portal(token), {})),
    myOrders: (token) => page(polar.customerPortal.orders.list(portal(token), {})),
    myGrants: (token) => page(polar.customerPortal.benefitGrants.list(portal(token), {})),
    myMeters: (token) => page(polar.customerPortal.customerMeters.list(portal(token), {})),
    CANCEL: { cancelAtPeriodEnd: true, customerCancellationReason: "unused" },
    UNCANCEL: { cancelAtPeriodEnd: false },
    plan: (productId, prorationBehavior) => ({ productId, prorationBehavior }),
    key: (camel) => camel,
  };
};
const young = (create, label) => {
  const polar = create({ accessToken: TOKEN, baseUrl: BASE });
  const page = async (list) => (await list).items;
  const as = (token) => ({ accessToken: token });
  const mine = (name) => async (token) => {
    const service = polar.customerPortal[name];
    return page((service.list ?? service[`list${name[0].toUpperCase()}${name.slice(1)}`])({}, as(token)));
  };
  return {
    label,
    createCustomer: (email, name, external_id) => polar.customers.create({ email, name, external_id }),
    getCustomer: (id) => polar.customers.get(id),
    getExternal: (id) => polar.customers.getExternal(id),
    state: (id) => polar.customers.getStateExternal(id),
    stateById: (id) => polar.customers.getState(id),
    rename: (id, name) => polar.customers.updateExternal(id, { name }),
    listCustomers: (email) => page(polar.customers.list({ email })),
    deleteCustomer: (id) => polar.customers.deleteExternal(id),
    checkout: (products, external_customer_id) => polar.checkouts.create({ products, external_customer_id, success_url: "http://localhost:3000/success?checkout_id={CHECKOUT_ID}", return_url: "http://localhost:3000/pricing", metadata: { referenceId: external_customer_id, seats: 2, trial: true } }),
    getCheckout: (id) => polar.checkouts.get(id),
    listCheckouts: () => page(polar.checkouts.list({})),
    subscriptions: (external_customer_id) => page(polar.subscriptions.list({ external_customer_id })),
    getSubscription: (id) => polar.subscriptions.get(id),
    patch: (id, body) => polar.subscriptions.update(id, body),
    revoke: (id) => polar.subscriptions.revoke(id),
    orders: (external_customer_id) => page(polar.orders.list({ external_customer_id })),
    getOrder: (id) => polar.orders.get(id),
    askInvoice: (id) => polar.orders.generateInvoice(id),
    invoice: (id) => polar.orders.invoice(id),
    refund: (order_id, amount) => polar.refunds.create({ order_id, amount, reason: "customer_request" }),
    refunds: () => page(polar.refunds.list({})),
    products: () => page(polar.products.list({ is_archived: false, limit: 100 })),
    getProduct: (id) => polar.products.get(id),
    meters: () => page(polar.meters.list({})),
    customerMeters: (external_customer_id) => page(polar.customerMeters.list({ external_customer_id })),
    ingest: (external_customer_id) => polar.events.ingest({ events: [{ name: "api_call", external_customer_id, external_id: randomUUID(), metadata: { route: "/v1" } }] }),
    session: (external_customer_id) => polar.customerSessions.create({ external_customer_id, return_url: "http://localhost:3000/x" }),
    endpoints: () => page(polar.webhooks.listWebhookEndpoints({})),
    deliveries: () => page(polar.webhooks.listWebhookDeliveries({ limit: 100 })),
    redeliver: (id) => polar.webhooks.redeliverWebhookEvent(id),
    mySubscriptions: mine("subscriptions"),
    myOrders: mine("orders"),
    myGrants: mine("benefitGrants"),
    myMeters: mine("customerMeters"),
    CANCEL: { cancel_at_period_end: true, customer_cancellation_reason: "unused" },
    UNCANCEL: { cancel_at_period_end: false },
    plan: (product_id, proration_behavior) => ({ product_id, proration_behavior }),
    key: (camel) => camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  };
};

// ---------------------------------------------------------------- the same story with each of them
const story = async (sdk) => {
  const { label, key } = sdk;
  const step = (name, work) => check(`${label} ${name}`, work);
  const refused = (name, status, work) =>
    step(name, async () => {
      const error = await work().then(() => undefined, (thrown) => thrown);
      assert.ok(error, "it was not refused");
      assert.equal(error.statusCode ?? error.status ?? error.response?.status, status, `${error.name}: ${error.message}`);
    });
  await local("reset");
  const all = await step("products", sdk.products);
  const of = (slug) => all.find((product) => product.metadata.slug === slug).id;
  await step("nine products", () => assert.equal(all.length, 9));
  await step("product", () => sdk.getProduct(of("starter")));
  const customer = await step("customer made", () => sdk.createCustomer("ada@example.com", "Ada Brandt", "user/1 ä"));
  await step("customer", async () => assert.equal((await sdk.getCustomer(customer.id)).email, "ada@example.com"));
  await step("customer by own id", async () => assert.equal((await sdk.getExternal("user/1 ä")).id, customer.id));
  await step("customer renamed", async () => assert.equal((await sdk.rename("user/1 ä", "Ada B.")).name, "Ada B."));
  await step("customers by email", async () => assert.equal((await sdk.listCustomers("ADA@example.com")).length, 1));
  await step("empty state", async () => assert.equal((await sdk.state("user/1 ä"))[key("activeSubscriptions")].length, 0));
  await refused("no customer", 404, () => sdk.getExternal("nobody"));
  await refused("email known", 422, () => sdk.createCustomer("Ada@example.com", "Other", "user2"));
  await refused("no session", 422, () => sdk.session("nobody"));
  await refused("unknown product", 422, () => sdk.checkout([randomUUID()], "user/1 ä"));

  const open = await step("checkout", () => sdk.checkout([of("starter")], "user/1 ä"));
  await step("checkout read", async () => assert.equal((await sdk.getCheckout(open.id)).status, "open"));
  await step("checkout page", async () => assert.equal((await fetch(open.url)).status, 200));
  const form = new URLSearchParams({ email: "x@example.com", name: "Ada", country: "DE", card_number: "4242424242424242", card_expiry: "12/40", card_cvc: "123" });
  await step("paid on the page", async () => {
    const answer = await fetch(open.url, { method: "POST", body: form, redirect: "manual" });
    assert.equal(answer.status, 303);
    assert.match(answer.headers.get("location"), /checkout_id=.*customer_session_token=polar_cst_/);
  });
  await step("checkout succeeded", async () => assert.equal((await sdk.getCheckout(open.id)).status, "succeeded"));
  await step("checkouts", sdk.listCheckouts);
  await step("state with a trial", async () => assert.equal((await sdk.state("user/1 ä"))[key("activeSubscriptions")][0].status, "trialing"));
  await step("state by id", () => sdk.stateById(customer.id));
  const [sub] = (await step("subscriptions", () => sdk.subscriptions("user/1 ä"))) ?? [];
  await local("clock", { advance: "P8D" });
  await step("converted", async () => assert.equal((await sdk.getSubscription(sub.id)).status, "active"));
  await step("upgraded", async () => assert.equal((await sdk.patch(sub.id, sdk.plan(of("premium"), "invoice")))[key("productId")], of("premium")));
  await step("downgrade later", async () => assert.ok((await sdk.patch(sub.id, sdk.plan(of("api"), "next_period")))[key("pendingUpdate")]));
  await step("canceled", async () => assert.equal((await sdk.patch(sub.id, sdk.CANCEL))[key("cancelAtPeriodEnd")], true));
  await refused("canceled again", 403, () => sdk.patch(sub.id, sdk.CANCEL));
  await step("uncanceled", async () => assert.equal((await sdk.patch(sub.id, sdk.UNCANCEL))[key("cancelAtPeriodEnd")], false));
  await local("clock", { advance: "P1M" });
  await step("metered now", async () => assert.equal((await sdk.getSubscription(sub.id))[key("productId")], of("api")));
  await step("use", async () => assert.equal((await sdk.ingest("user/1 ä")).inserted, 1));
  await step("meters", sdk.meters);
  await step("meters of a customer", async () => assert.equal((await sdk.customerMeters("user/1 ä")).length, 1));
  await step("state with a meter", async () => assert.equal((await sdk.state("user/1 ä"))[key("activeMeters")].length, 1));
  const orders = await step("orders", () => sdk.orders("user/1 ä"));
  await step("order", () => sdk.getOrder(orders[0].id));
  await step("invoice asked", () => sdk.askInvoice(orders[0].id));
  await refused("no invoice yet", 404, () => sdk.invoice(orders[1].id));
  await local("clock", { advance: "PT3S" });
  await step("invoice", async () => assert.equal((await fetch((await sdk.invoice(orders[0].id)).url)).status, 200));
  await step("refund", () => sdk.refund(orders[0].id, 100));
  await step("refunds", async () => assert.equal((await sdk.refunds()).length, 1));
  const session = await step("session", () => sdk.session("user/1 ä"));
  await step("portal page", async () => assert.equal((await fetch(session[key("customerPortalUrl")])).status, 200));
  await step("own subscriptions", async () => assert.equal((await sdk.mySubscriptions(session.token)).length, 1));
  await step("own orders", async () => assert.ok((await sdk.myOrders(session.token)).length > 2));
  await step("own benefits", async () => assert.ok((await sdk.myGrants(session.token)).length > 0));
  await step("own meters", async () => assert.equal((await sdk.myMeters(session.token)).length, 1));
  await local("act", { action: "fail-next", id: sub.id });
  await local("clock", { advance: "P1M" });
  await step("past due", async () => assert.equal((await sdk.getSubscription(sub.id)).status, "past_due"));
  await local("clock", { advance: "P3D" });
  await step("recovered", async () => assert.equal((await sdk.getSubscription(sub.id)).status, "active"));
  await fetch(`${BASE}/v1/subscriptions/${sub.id}`, { method: "PATCH", headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" }, body: '{"pause_at_period_end":true}' });
  await local("clock", { advance: "P1M" });
  await step("paused", async () => assert.equal((await sdk.getSubscription(sub.id)).status, "paused"));
  await local("act", { action: "resume", id: sub.id });
  await step("revoked", async () => assert.equal((await sdk.revoke(sub.id)).status, "canceled"));
  await local("settle");
  const once = await step("one-time checkout", () => sdk.checkout([of("archive")], "user/1 ä"));
  await local("pay", { checkout: once.id });
  const late = await step("checkout with seats and choice", () => sdk.checkout([of("family"), of("plus-yearly")], "somebody new"));
  await local("act", { action: "expire", id: late.id });
  await step("expired", async () => assert.equal((await sdk.getCheckout(late.id)).status, "expired"));
  await local("settle");
  await step("endpoints", async () => assert.equal((await sdk.endpoints())[0].enabled, true));
  const deliveries = await step("deliveries", sdk.deliveries);
  await step("sent again", () => sdk.redeliver((deliveries[0].webhookEvent ?? deliveries[0].webhook_event).id));
  await step("deleted", () => sdk.deleteCustomer("user/1 ä"));
  await refused("deleted is gone", 404, () => sdk.getExternal("user/1 ä"));
  await local("settle");
  return judgeDeliveries();
};

const kinds = new Map();
for (const sdk of [old(Polar47, "0.47.1"), old(Polar49, "0.49.0"), young(create04, "1.0.1/2026-04"), young(create10, "1.0.1/2026-10")]) {
  const before = [passed, failed];
  for (const [kind, count] of await story(sdk)) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  console.log(`${sdk.label}: ${passed - before[0]} passed, ${failed - before[1]} failed`);
}
console.log(`${kinds.size} types of events: ${[...kinds.keys()].sort().join(" ")}`);
console.log(`${passed} passed, ${failed} failed`);
receiver.close();
process.exit(failed === 0 ? 0 : 1);
