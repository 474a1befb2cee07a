-- What Polar tells us, kept so that no page has to ask it. Money in minor units. `polarVersion` and `polarEventAt`
-- are microseconds since 1970: together they order the snapshots of one object (docs/adr/0014-polar-snapshots.md).

alter table "subscription" add column "recurringIntervalCount" integer not null default 1;
alter table "subscription" add column "trialStart" integer;
alter table "subscription" add column "trialEnd" integer;
alter table "subscription" add column "pastDueAt" integer;
alter table "subscription" add column "pauseAtPeriodEnd" integer not null default 0 check ("pauseAtPeriodEnd" in (0, 1));
alter table "subscription" add column "pausedAt" integer;
alter table "subscription" add column "resumesAt" integer;
alter table "subscription" add column "seats" integer;
alter table "subscription" add column "units" integer;
alter table "subscription" add column "userExternalId" text;
alter table "subscription" add column "pendingProductId" text;
alter table "subscription" add column "pendingAppliesAt" integer;
alter table "subscription" add column "polarVersion" integer not null default 0;
alter table "subscription" add column "polarEventAt" integer not null default 0;
alter table "subscription" add column "knownStatus" text;
alter table "subscription" add column "confirmedAt" integer;

create index "subscription_customer" on "subscription" ("customerId");

-- Every delivery, before anything is done with it. `body` is sealed, and goes after 90 days.
create table "polar_webhook" (
    "webhookId"  text    primary key not null,
    "type"       text,
    "eventAt"    integer,
    "apiVersion" text,
    "objectId"   text,
    "body"       text,
    "receivedAt" integer not null,
    "state"      text    not null default 'new',
    "attempts"   integer not null default 0,
    "error"      text,
    "settledAt"  integer,
    constraint "polar_webhook_state" check ("state" in ('new', 'applied', 'stale', 'ignored', 'failed'))
) strict;

create index "polar_webhook_received" on "polar_webhook" ("receivedAt");
create index "polar_webhook_open" on "polar_webhook" ("state", "receivedAt");

-- What may happen once only, by the id of the thing it is about and never by the delivery that told it.
create table "polar_effect" (
    "kind"       text not null,
    "businessId" text not null,
    "at"         integer not null,
    primary key ("kind", "businessId")
) strict;

-- Whose customer is whose, and what Polar last said of one as a whole.
create table "polar_customer" (
    "id"                  text primary key not null,
    "userId"              text references "user" ("id") on delete cascade,
    "externalId"          text,
    "activeSubscriptions" text not null default '[]',
    "grantedBenefits"     text not null default '[]',
    "meters"              text not null default '[]',
    "stateAt"             integer not null default 0,
    "polarVersion" integer not null,
    "polarEventAt" integer not null
) strict;

create index "polar_customer_user" on "polar_customer" ("userId");

create table "polar_order" (
    "id"                   text primary key not null,
    "userId" text references "user" ("id") on delete set null,
    "customerId"           text    not null,
    "subscriptionId"       text,
    "productId"            text,
    "checkoutId"           text,
    "status"               text    not null,
    "paid" integer not null default 0 check ("paid" in (0, 1)),
    "billingReason"        text    not null,
    "currency"             text    not null,
    "subtotalAmount"       integer not null,
    "discountAmount"       integer not null,
    "netAmount"            integer not null,
    "taxAmount"            integer not null,
    "totalAmount"          integer not null,
    "refundedAmount"       integer not null,
    "refundedTaxAmount"    integer not null,
    "invoiceNumber"        text,
    "isInvoiceGenerated" integer not null default 0 check ("isInvoiceGenerated" in (0, 1)),
    "description"          text,
    "nextPaymentAttemptAt" integer,
    "createdAt"            integer not null,
    "polarVersion" integer not null,
    "polarEventAt" integer not null
) strict;

create index "polar_order_user" on "polar_order" ("userId", "createdAt" desc);
create index "polar_order_customer" on "polar_order" ("customerId");

create table "polar_refund" (
    "id"         text primary key not null,
    "userId" text references "user" ("id") on delete set null,
    "customerId" text    not null,
    "orderId"    text    not null,
    "status"     text    not null,
    "reason"     text    not null,
    "amount"     integer not null,
    "taxAmount"  integer not null,
    "currency"   text    not null,
    "createdAt"  integer not null,
    "polarVersion" integer not null,
    "polarEventAt" integer not null
) strict;

create index "polar_refund_user" on "polar_refund" ("userId");
create index "polar_refund_customer" on "polar_refund" ("customerId");

create table "polar_grant" (
    "id"             text primary key not null,
    "userId" text references "user" ("id") on delete set null,
    "customerId"     text not null,
    "benefitId"      text not null,
    "subscriptionId" text,
    "orderId"        text,
    "isGranted" integer not null default 0 check ("isGranted" in (0, 1)),
    "isRevoked" integer not null default 0 check ("isRevoked" in (0, 1)),
    "polarVersion" integer not null,
    "polarEventAt" integer not null
) strict;

create index "polar_grant_user" on "polar_grant" ("userId");
create index "polar_grant_customer" on "polar_grant" ("customerId");

-- A checkout that we began or heard of. Neither its address nor its secret is kept: both let somebody pay or look.
create table "polar_checkout" (
    "id"             text primary key not null,
    "userId"         text references "user" ("id") on delete cascade,
    "status"         text    not null,
    "productId"      text,
    "subscriptionId" text,
    "totalAmount"    integer,
    "currency"       text,
    "expiresAt"      integer,
    "createdAt"      integer not null,
    "polarVersion" integer not null,
    "polarEventAt" integer not null
) strict;

create index "polar_checkout_user" on "polar_checkout" ("userId");

-- The catalogue, for prices on the page of plans. `prices` is JSON as Polar has it.
create table "polar_product" (
    "id"                     text primary key not null,
    "name"                   text    not null,
    "description"            text,
    "recurringInterval"      text,
    "recurringIntervalCount" integer,
    "trialInterval"          text,
    "trialIntervalCount"     integer,
    "isArchived" integer not null default 0 check ("isArchived" in (0, 1)),
    "prices"                 text    not null,
    "seenAt"                 integer not null,
    "polarVersion" integer not null,
    "polarEventAt" integer not null
) strict;

-- Where our rows and Polar's answers differed when they were compared.
create table "polar_drift" (
    "id"       text primary key not null,
    "at"       integer not null,
    "kind"     text not null,
    "objectId" text not null,
    "field"    text not null,
    "ours"     text,
    "theirs"   text,
    "repaired" integer not null default 1 check ("repaired" in (0, 1))
) strict;

create index "polar_drift_at" on "polar_drift" ("at");

-- Metered use on its way to Polar; `id` is what Polar recognises a repetition by.
create table "polar_usage" (
    "id"       text primary key not null,
    "userId"   text not null references "user" ("id") on delete cascade,
    "name"     text not null,
    "metadata" text not null default '{}',
    "at"       integer not null,
    "sentAt"   integer
) strict;

create index "polar_usage_unsent" on "polar_usage" ("sentAt", "at");
create index "polar_usage_user" on "polar_usage" ("userId", "name", "at");

-- A plan that somebody has without paying: a demo, a friend, a tester.
create table "plan_gift" (
    "userId"  text primary key not null references "user" ("id") on delete cascade,
    "plan"    text not null,
    "givenAt" integer not null
) strict;

-- Who may see the pages of administrators: 'admin', or nothing.
alter table "user" add column "role" text;
