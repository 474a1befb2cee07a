-- What repeats: found again from the rows whenever they change. What its owner decided stays.
create table "recurring_series" (
    "id"          text    primary key not null,
    "userId"      text    not null,
    "accountId"   text    not null,
    -- The same for the same series, whenever it is looked for.
    "key"         text    not null,
    "merchant"    text    not null,
    "currency"    text    not null,
    "cadence"     text    not null,
    "kind"        text    not null,
    "status"      text    not null,
    -- Of the next row, signed like the rows.
    "amountMinor" integer not null,
    "changeMinor" integer not null default 0,
    "changedOn"   text,
    "firstOn"     text    not null,
    "lastOn"      text    not null,
    "nextOn"      text    not null,
    -- The day of the month, or of the week from 1 for Monday.
    "anchor"      integer not null,
    -- The ids of its rows, as JSON, the oldest first.
    "members"     text    not null,
    -- The ids of rows that its owner took out of it, as JSON.
    "leftOut"     text    not null default '[]',
    "decision"    text    not null default 'open',
    "mergedInto"  text,
    "createdAt"   integer not null,
    "updatedAt"   integer not null,
    constraint "recurring_series_cadence" check ("cadence" in ('weekly', 'biweekly', 'monthly', 'quarterly', 'yearly')),
    constraint "recurring_series_kind" check ("kind" in ('fixed', 'variable')),
    constraint "recurring_series_status" check ("status" in ('early', 'active', 'missed', 'ended')),
    constraint "recurring_series_decision" check ("decision" in ('open', 'confirmed', 'ignored', 'merged')),
    constraint "recurring_series_merged" check (("decision" = 'merged') = ("mergedInto" is not null)),
    constraint "recurring_series_owner" unique ("userId", "id"),
    constraint "recurring_series_once" unique ("userId", "key"),
    constraint "recurring_series_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
) strict;

create index "recurring_series_by_account" on "recurring_series" ("userId", "accountId");
