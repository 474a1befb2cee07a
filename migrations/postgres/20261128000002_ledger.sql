-- The ledger as its owner arranges it: who set what, parts, transfers, doubts, own categories, rules, edits of many rows.

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
-- The provider's id of the pending row that this one was.
alter table "transaction" add column "pendingId" text;
-- What the provider calls its kind, and whether it says it is a transfer.
alter table "transaction" add column "providerCategory" text;
alter table "transaction" add column "providerTransfer" boolean not null default false;
-- The key under which rows of one shop come together.
alter table "transaction" add column "merchantKey" text not null default '';
-- Its category stands in its parts.
alter table "transaction" add column "hasParts" boolean not null default false;
-- The confirmed pair that it is one side of.
alter table "transaction" add column "transferId" text;
-- Why somebody should look at it: a code.
alter table "transaction" add column "flag" text;

-- What counts in sums, budgets and charts, read from the index alone.
create index "transaction_counted" on "transaction" ("userId", "date") include ("category", "currency", "amountMinor")
    where "deletedAt" is null and "status" <> 'failed' and "type" <> 'transfer' and not "excluded" and not "hasParts";
create index "transaction_by_merchant" on "transaction" ("userId", "merchantKey", "date")
    where "deletedAt" is null and "merchantKey" <> '';
create index "transaction_to_review" on "transaction" ("userId", "date" desc, "id" desc)
    where "deletedAt" is null and ("category" = 'uncategorized' or "flag" is not null);

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

-- Two rows that may be one: a copy that came another way, or a purchase and its final amount.
create table "duplicate_pair" (
    "id"        text    primary key,
    "userId"    text    not null,
    "keptId"    text    not null,
    "otherId"   text    not null,
    "kind"      text    not null,
    "state"     text    not null default 'open',
    "createdAt" timestamptz not null,
    "decidedAt" timestamptz,
    constraint "duplicate_pair_kind" check ("kind" in ('copy', 'final_amount')),
    constraint "duplicate_pair_state" check ("state" in ('open', 'same', 'different')),
    constraint "duplicate_pair_once" unique ("userId", "keptId", "otherId"),
    constraint "duplicate_pair_kept" foreign key ("userId", "keptId")
        references "transaction" ("userId", "id") on delete cascade,
    constraint "duplicate_pair_other" foreign key ("userId", "otherId")
        references "transaction" ("userId", "id") on delete cascade
);

create index "duplicate_pair_other" on "duplicate_pair" ("userId", "otherId");
create index "duplicate_pair_open" on "duplicate_pair" ("userId", "state");

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

create table "rule" (
    "id"        text    primary key,
    "userId"    text    not null references "user" ("id") on delete cascade,
    "position"  bigint not null,
    "name"      text    not null,
    -- Conditions and actions, as JSON.
    "body"      text    not null,
    "enabled"   boolean not null default true,
    "createdAt" timestamptz not null,
    "updatedAt" timestamptz not null,
    constraint "rule_owner" unique ("userId", "id")
);

create index "rule_order" on "rule" ("userId", "position");

-- An edit of many rows at once, and what each was before it.
create table "batch" (
    "id"        text    primary key,
    "userId"    text    not null references "user" ("id") on delete cascade,
    "kind"      text    not null,
    "rows"      bigint not null,
    "createdAt" timestamptz not null,
    "undoneAt"  timestamptz,
    constraint "batch_owner" unique ("userId", "id")
);

create index "batch_by_user" on "batch" ("userId", "createdAt" desc);

create table "batch_change" (
    "userId"        text not null,
    "batchId"       text not null,
    "transactionId" text not null,
    "before"        text not null,
    primary key ("userId", "batchId", "transactionId"),
    constraint "batch_change_batch" foreign key ("userId", "batchId")
        references "batch" ("userId", "id") on delete cascade,
    constraint "batch_change_row" foreign key ("userId", "transactionId")
        references "transaction" ("userId", "id") on delete cascade
);

create index "batch_change_row" on "batch_change" ("userId", "transactionId");

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
grant select, insert, update, delete on "duplicate_pair" to coffer_app;
alter table "duplicate_pair" enable row level security;
alter table "duplicate_pair" force row level security;
create policy "own" on "duplicate_pair" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
grant select, insert, update, delete on "category" to coffer_app;
alter table "category" enable row level security;
alter table "category" force row level security;
create policy "own" on "category" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
grant select, insert, update, delete on "rule" to coffer_app;
alter table "rule" enable row level security;
alter table "rule" force row level security;
create policy "own" on "rule" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
grant select, insert, update, delete on "batch" to coffer_app;
alter table "batch" enable row level security;
alter table "batch" force row level security;
create policy "own" on "batch" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
grant select, insert, update, delete on "batch_change" to coffer_app;
alter table "batch_change" enable row level security;
alter table "batch_change" force row level security;
create policy "own" on "batch_change" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
