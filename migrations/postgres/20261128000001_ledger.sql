-- The ledger as its owner arranges it: who set what, parts, transfers, own categories.

-- Who set each of these: user > rule > provider > default. The lower never overwrites the higher.
alter table "transaction" add column "merchantBy" text not null default 'default'
    check ("merchantBy" in ('user', 'rule', 'provider', 'default'));
alter table "transaction" add column "noteBy" text not null default 'default'
    check ("noteBy" in ('user', 'rule', 'provider', 'default'));
alter table "transaction" add column "tagsBy" text not null default 'default'
    check ("tagsBy" in ('user', 'rule', 'provider', 'default'));
alter table "transaction" add column "dateBy" text not null default 'default'
    check ("dateBy" in ('user', 'rule', 'provider', 'default'));
alter table "transaction" add column "excludedBy" text not null default 'default'
    check ("excludedBy" in ('user', 'rule', 'provider', 'default'));
-- Left out of budgets, sums and charts.
alter table "transaction" add column "excluded" boolean not null default false;
-- Each between bars: `|trip|work|`; empty without any.
alter table "transaction" add column "tags" text not null default '';
-- The day the bank booked it, where the row shows the day it happened.
alter table "transaction" add column "postedDate" date;
-- What the provider calls its kind, and whether it says it is a transfer.
alter table "transaction" add column "providerCategory" text;
-- Its category stands in its parts.
alter table "transaction" add column "hasParts" boolean not null default false;
-- The confirmed pair that it is one side of.
alter table "transaction" add column "transferId" text;
-- Why somebody should look at it: a code.
alter table "transaction" add column "flag" text;

-- What counts in sums, budgets and charts, read from the index alone.
create index "transaction_counted" on "transaction" ("userId", "date") include ("category", "currency", "amountMinor")
    where "deletedAt" is null and "status" <> 'failed' and "type" <> 'transfer' and not "excluded" and not "hasParts";

create table "transaction_part" (
    "id"            text    primary key,
    "userId"        text    not null,
    "transactionId" text    not null,
    "position"      bigint not null,
    "category"      text    not null,
    "amountMinor"   bigint not null check ("amountMinor" <> 0),
    "note"          text,
    "tags"          text    not null default '',
    constraint "transaction_part_place" unique ("userId", "transactionId", "position"),
    constraint "transaction_part_whole" foreign key ("userId", "transactionId")
        references "transaction" ("userId", "id") on delete cascade
);

-- Two sides of one movement between own accounts. One that was rejected is remembered, and not suggested again.
create table "transfer_pair" (
    "id"        text    primary key,
    "userId"    text    not null,
    "outId"     text    not null,
    "inId"      text    not null,
    "state"     text    not null,
    "byRule"    boolean not null default false,
    "score"     bigint not null default 0,
    -- What the two were before, to be restored when they are unlinked.
    "before"    text    not null default '{}',
    "createdAt" timestamptz not null,
    "decidedAt" timestamptz,
    constraint "transfer_pair_state" check ("state" in ('suggested', 'confirmed', 'rejected', 'unlinked')),
    constraint "transfer_pair_once" unique ("userId", "outId", "inId"),
    constraint "transfer_pair_out" foreign key ("userId", "outId")
        references "transaction" ("userId", "id") on delete cascade,
    constraint "transfer_pair_in" foreign key ("userId", "inId")
        references "transaction" ("userId", "id") on delete cascade
);

create index "transfer_pair_in" on "transfer_pair" ("userId", "inId");
create index "transfer_pair_open" on "transfer_pair" ("userId", "state");

-- A person's own leaves, and own words for ours.
create table "category" (
    "userId"    text    not null references "user" ("id") on delete cascade,
    "key"       text    not null,
    "groupKey"  text    not null,
    "label"     text    not null,
    "own"       boolean not null,
    "createdAt" timestamptz not null,
    primary key ("userId", "key")
);

grant select, insert, update, delete on "transaction_part" to coffer_app;
alter table "transaction_part" enable row level security;
alter table "transaction_part" force row level security;
create policy "own" on "transaction_part" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
grant select, insert, update, delete on "transfer_pair" to coffer_app;
alter table "transfer_pair" enable row level security;
alter table "transfer_pair" force row level security;
create policy "own" on "transfer_pair" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
grant select, insert, update, delete on "category" to coffer_app;
alter table "category" enable row level security;
alter table "category" force row level security;
create policy "own" on "category" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
