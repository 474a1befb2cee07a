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
alter table "transaction" add column "excluded" integer not null default 0;
-- Each between bars: `|trip|work|`; empty without any.
alter table "transaction" add column "tags" text not null default '';
-- The day the bank booked it, where the row shows the day it happened.
alter table "transaction" add column "postedDate" text;
-- The provider's id of the pending row that this one was.
alter table "transaction" add column "pendingId" text;
-- What the provider calls its kind, and whether it says it is a transfer.
alter table "transaction" add column "providerCategory" text;
alter table "transaction" add column "providerTransfer" integer not null default 0;
-- The key under which rows of one shop come together.
alter table "transaction" add column "merchantKey" text not null default '';
-- Its category stands in its parts.
alter table "transaction" add column "hasParts" integer not null default 0;
-- The confirmed pair that it is one side of.
alter table "transaction" add column "transferId" text;
-- Why somebody should look at it: a code.
alter table "transaction" add column "flag" text;

-- What counts in sums, budgets and charts, read from the index alone.
create index "transaction_counted" on "transaction" ("userId", "date", "category", "currency", "amountMinor")
    where "deletedAt" is null and "status" <> 'failed' and "type" <> 'transfer' and not "excluded" and not "hasParts";
create index "transaction_by_merchant" on "transaction" ("userId", "merchantKey", "date")
    where "deletedAt" is null and "merchantKey" <> '';
create index "transaction_to_review" on "transaction" ("userId", "date" desc, "id" desc)
    where "deletedAt" is null and ("category" = 'uncategorized' or "flag" is not null);

create table "transaction_part" (
    "id"            text    primary key not null,
    "userId"        text    not null,
    "transactionId" text    not null,
    "position"      integer not null,
    "category"      text    not null,
    "amountMinor"   integer not null check ("amountMinor" <> 0),
    "note"          text,
    "tags"          text    not null default '',
    constraint "transaction_part_place" unique ("userId", "transactionId", "position"),
    constraint "transaction_part_whole" foreign key ("userId", "transactionId")
        references "transaction" ("userId", "id") on delete cascade
) strict;

-- Two sides of one movement between own accounts. One that was rejected is remembered, and not suggested again.
create table "transfer_pair" (
    "id"        text    primary key not null,
    "userId"    text    not null,
    "outId"     text    not null,
    "inId"      text    not null,
    "state"     text    not null,
    "byRule"    integer not null default 0,
    "score"     integer not null default 0,
    -- What the two were before, to be restored when they are unlinked.
    "before"    text    not null default '{}',
    "createdAt" integer not null,
    "decidedAt" integer,
    constraint "transfer_pair_state" check ("state" in ('suggested', 'confirmed', 'rejected', 'unlinked')),
    constraint "transfer_pair_once" unique ("userId", "outId", "inId"),
    constraint "transfer_pair_out" foreign key ("userId", "outId")
        references "transaction" ("userId", "id") on delete cascade,
    constraint "transfer_pair_in" foreign key ("userId", "inId")
        references "transaction" ("userId", "id") on delete cascade
) strict;

create index "transfer_pair_in" on "transfer_pair" ("userId", "inId");
create index "transfer_pair_open" on "transfer_pair" ("userId", "state");

-- Two rows that may be one: a copy that came another way, or a purchase and its final amount.
create table "duplicate_pair" (
    "id"        text    primary key not null,
    "userId"    text    not null,
    "keptId"    text    not null,
    "otherId"   text    not null,
    "kind"      text    not null,
    "state"     text    not null default 'open',
    "createdAt" integer not null,
    "decidedAt" integer,
    constraint "duplicate_pair_kind" check ("kind" in ('copy', 'final_amount')),
    constraint "duplicate_pair_state" check ("state" in ('open', 'same', 'different')),
    constraint "duplicate_pair_once" unique ("userId", "keptId", "otherId"),
    constraint "duplicate_pair_kept" foreign key ("userId", "keptId")
        references "transaction" ("userId", "id") on delete cascade,
    constraint "duplicate_pair_other" foreign key ("userId", "otherId")
        references "transaction" ("userId", "id") on delete cascade
) strict;

create index "duplicate_pair_other" on "duplicate_pair" ("userId", "otherId");
create index "duplicate_pair_open" on "duplicate_pair" ("userId", "state");

-- A person's own leaves, and own words for ours.
create table "category" (
    "userId"    text    not null references "user" ("id") on delete cascade,
    "key"       text    not null,
    "groupKey"  text    not null,
    "label"     text    not null,
    "own"       integer not null,
    "createdAt" integer not null,
    primary key ("userId", "key")
) strict;

create table "rule" (
    "id"        text    primary key not null,
    "userId"    text    not null references "user" ("id") on delete cascade,
    "position"  integer not null,
    "name"      text    not null,
    -- Conditions and actions, as JSON.
    "body"      text    not null,
    "enabled"   integer not null default 1,
    "createdAt" integer not null,
    "updatedAt" integer not null,
    constraint "rule_owner" unique ("userId", "id")
) strict;

create index "rule_order" on "rule" ("userId", "position");

-- An edit of many rows at once, and what each was before it.
create table "batch" (
    "id"        text    primary key not null,
    "userId"    text    not null references "user" ("id") on delete cascade,
    "kind"      text    not null,
    "rows"      integer not null,
    "createdAt" integer not null,
    "undoneAt"  integer,
    constraint "batch_owner" unique ("userId", "id")
) strict;

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
) strict;

create index "batch_change_row" on "batch_change" ("userId", "transactionId");
