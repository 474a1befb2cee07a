-- What Polar tells us, kept so that no page has to ask it. Money in minor units. `polarVersion` and `polarEventAt`
-- are microseconds since 1970: together they order the snapshots of one object (docs/adr/0014-polar-snapshots.md).

-- Databases that another application made have instants here already.
do $$
begin
    if exists (
        select from information_schema.columns
        where table_schema = current_schema() and table_name = 'subscription'
          and column_name = 'currentPeriodStart' and data_type = 'bigint'
    ) then
        alter table "subscription"
            alter column "currentPeriodStart" type timestamptz using to_timestamp("currentPeriodStart" / 1000.0),
            alter column "currentPeriodEnd" type timestamptz using to_timestamp("currentPeriodEnd" / 1000.0);
    end if;
end
$$;

alter table "subscription" add column "recurringIntervalCount" bigint not null default 1;
alter table "subscription" add column "trialStart" timestamptz;
alter table "subscription" add column "trialEnd" timestamptz;
alter table "subscription" add column "pastDueAt" timestamptz;
alter table "subscription" add column "pauseAtPeriodEnd" boolean not null default false;
alter table "subscription" add column "pausedAt" timestamptz;
alter table "subscription" add column "resumesAt" timestamptz;
alter table "subscription" add column "seats" bigint;
alter table "subscription" add column "units" bigint;
alter table "subscription" add column "userExternalId" text;
alter table "subscription" add column "pendingProductId" text;
alter table "subscription" add column "pendingAppliesAt" timestamptz;
alter table "subscription" add column "polarVersion" bigint not null default 0;
alter table "subscription" add column "polarEventAt" bigint not null default 0;
alter table "subscription" add column "knownStatus" text;
alter table "subscription" add column "confirmedAt" timestamptz;

create index "subscription_customer" on "subscription" ("customerId");

-- Every delivery, before anything is done with it. `body` is sealed, and goes after 90 days.
create table "polar_webhook" (
    "webhookId"  text    primary key,
    "type"       text,
    "eventAt"    timestamptz,
    "apiVersion" text,
    "objectId"   text,
    "body"       text,
    "receivedAt" timestamptz not null,
    "state"      text    not null default 'new',
    "attempts"   bigint not null default 0,
    "error"      text,
    "settledAt"  timestamptz,
    constraint "polar_webhook_state" check ("state" in ('new', 'applied', 'stale', 'ignored', 'failed'))
);

create index "polar_webhook_received" on "polar_webhook" ("receivedAt");
create index "polar_webhook_open" on "polar_webhook" ("state", "receivedAt");

-- What may happen once only, by the id of the thing it is about and never by the delivery that told it.
create table "polar_effect" (
    "kind"       text not null,
    "businessId" text not null,
    "at"         timestamptz not null,
    primary key ("kind", "businessId")
);

-- Whose customer is whose, and what Polar last said of one as a whole.
create table "polar_customer" (
    "id"                  text primary key,
    "userId"              text references "user" ("id") on delete cascade,
    "externalId"          text,
    "activeSubscriptions" text not null default '[]',
    "grantedBenefits"     text not null default '[]',
    "meters"              text not null default '[]',
    "stateAt"             bigint not null default 0,
    "polarVersion" bigint not null,
    "polarEventAt" bigint not null
);

create index "polar_customer_user" on "polar_customer" ("userId");

create table "polar_order" (
    "id"                   text primary key,
    "userId" text references "user" ("id") on delete set null,
    "customerId"           text    not null,
    "subscriptionId"       text,
    "productId"            text,
    "checkoutId"           text,
    "status"               text    not null,
    "paid" boolean not null default false,
    "billingReason"        text    not null,
    "currency"             text    not null,
    "subtotalAmount"       bigint not null,
    "discountAmount"       bigint not null,
    "netAmount"            bigint not null,
    "taxAmount"            bigint not null,
    "totalAmount"          bigint not null,
    "refundedAmount"       bigint not null,
    "refundedTaxAmount"    bigint not null,
    "invoiceNumber"        text,
    "isInvoiceGenerated" boolean not null default false,
    "description"          text,
    "nextPaymentAttemptAt" timestamptz,
    "createdAt"            timestamptz not null,
    "polarVersion" bigint not null,
    "polarEventAt" bigint not null
);

create index "polar_order_user" on "polar_order" ("userId", "createdAt" desc);
create index "polar_order_customer" on "polar_order" ("customerId");

create table "polar_refund" (
    "id"         text primary key,
    "userId" text references "user" ("id") on delete set null,
    "customerId" text    not null,
    "orderId"    text    not null,
    "status"     text    not null,
    "reason"     text    not null,
    "amount"     bigint not null,
    "taxAmount"  bigint not null,
    "currency"   text    not null,
    "createdAt"  timestamptz not null,
    "polarVersion" bigint not null,
    "polarEventAt" bigint not null
);

create index "polar_refund_user" on "polar_refund" ("userId");
create index "polar_refund_customer" on "polar_refund" ("customerId");

create table "polar_grant" (
    "id"             text primary key,
    "userId" text references "user" ("id") on delete set null,
    "customerId"     text not null,
    "benefitId"      text not null,
    "subscriptionId" text,
    "orderId"        text,
    "isGranted" boolean not null default false,
    "isRevoked" boolean not null default false,
    "polarVersion" bigint not null,
    "polarEventAt" bigint not null
);

create index "polar_grant_user" on "polar_grant" ("userId");
create index "polar_grant_customer" on "polar_grant" ("customerId");

-- A checkout that we began or heard of. Neither its address nor its secret is kept: both let somebody pay or look.
create table "polar_checkout" (
    "id"             text primary key,
    "userId"         text references "user" ("id") on delete cascade,
    "status"         text    not null,
    "productId"      text,
    "subscriptionId" text,
    "totalAmount"    bigint,
    "currency"       text,
    "expiresAt"      timestamptz,
    "createdAt"      timestamptz not null,
    "polarVersion" bigint not null,
    "polarEventAt" bigint not null
);

create index "polar_checkout_user" on "polar_checkout" ("userId");

-- The catalogue, for prices on the page of plans. `prices` is JSON as Polar has it.
create table "polar_product" (
    "id"                     text primary key,
    "name"                   text    not null,
    "description"            text,
    "recurringInterval"      text,
    "recurringIntervalCount" bigint,
    "trialInterval"          text,
    "trialIntervalCount"     bigint,
    "isArchived" boolean not null default false,
    "prices"                 text    not null,
    "seenAt"                 timestamptz not null,
    "polarVersion" bigint not null,
    "polarEventAt" bigint not null
);

-- Where our rows and Polar's answers differed when they were compared.
create table "polar_drift" (
    "id"       text primary key,
    "at"       timestamptz not null,
    "kind"     text not null,
    "objectId" text not null,
    "field"    text not null,
    "ours"     text,
    "theirs"   text,
    "repaired" boolean not null default true
);

create index "polar_drift_at" on "polar_drift" ("at");

-- Metered use on its way to Polar; `id` is what Polar recognises a repetition by.
create table "polar_usage" (
    "id"       text primary key,
    "userId"   text not null references "user" ("id") on delete cascade,
    "name"     text not null,
    "metadata" text not null default '{}',
    "at"       timestamptz not null,
    "sentAt"   timestamptz
);

create index "polar_usage_unsent" on "polar_usage" ("sentAt", "at");
create index "polar_usage_user" on "polar_usage" ("userId", "name", "at");

-- A plan that somebody has without paying: a demo, a friend, a tester.
create table "plan_gift" (
    "userId"  text primary key references "user" ("id") on delete cascade,
    "plan"    text not null,
    "givenAt" timestamptz not null
);

-- Who may see the pages of administrators: 'admin', or nothing.
alter table "user" add column if not exists "role" text;

grant select, insert, update, delete on "polar_webhook", "polar_effect", "polar_customer", "polar_order", "polar_refund",
    "polar_grant", "polar_checkout", "polar_product", "polar_drift", "polar_usage", "plan_gift" to coffer_auth;

-- What a person may read of it: their own rows, and the catalogue.
grant select on "polar_customer", "polar_order", "polar_refund", "polar_grant", "polar_checkout", "polar_usage",
    "plan_gift", "polar_product" to coffer_app;

alter table "polar_customer" enable row level security;
alter table "polar_customer" force row level security;
create policy "webhooks" on "polar_customer" to coffer_auth using (true) with check (true);
create policy "own" on "polar_customer" for select to coffer_app
    using ("userId" = (select app_user_id()));

alter table "polar_order" enable row level security;
alter table "polar_order" force row level security;
create policy "webhooks" on "polar_order" to coffer_auth using (true) with check (true);
create policy "own" on "polar_order" for select to coffer_app
    using ("userId" = (select app_user_id()));

alter table "polar_refund" enable row level security;
alter table "polar_refund" force row level security;
create policy "webhooks" on "polar_refund" to coffer_auth using (true) with check (true);
create policy "own" on "polar_refund" for select to coffer_app
    using ("userId" = (select app_user_id()));

alter table "polar_grant" enable row level security;
alter table "polar_grant" force row level security;
create policy "webhooks" on "polar_grant" to coffer_auth using (true) with check (true);
create policy "own" on "polar_grant" for select to coffer_app
    using ("userId" = (select app_user_id()));

alter table "polar_checkout" enable row level security;
alter table "polar_checkout" force row level security;
create policy "webhooks" on "polar_checkout" to coffer_auth using (true) with check (true);
create policy "own" on "polar_checkout" for select to coffer_app
    using ("userId" = (select app_user_id()));

alter table "polar_usage" enable row level security;
alter table "polar_usage" force row level security;
create policy "webhooks" on "polar_usage" to coffer_auth using (true) with check (true);
create policy "own" on "polar_usage" for select to coffer_app
    using ("userId" = (select app_user_id()));
-- A use is noted in the transaction it happens in.
grant insert on "polar_usage" to coffer_app;
create policy "own_use" on "polar_usage" for insert to coffer_app
    with check ("userId" = (select app_user_id()));

alter table "plan_gift" enable row level security;
alter table "plan_gift" force row level security;
create policy "webhooks" on "plan_gift" to coffer_auth using (true) with check (true);
create policy "own" on "plan_gift" for select to coffer_app
    using ("userId" = (select app_user_id()));
