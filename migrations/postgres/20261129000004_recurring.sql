-- What repeats: found again from the rows whenever they change. What its owner decided stays.
create table "recurring_series" (
    "id"          text    primary key,
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
    "amountMinor" bigint  not null,
    "changeMinor" bigint  not null default 0,
    "changedOn"   date,
    "firstOn"     date    not null,
    "lastOn"      date    not null,
    "nextOn"      date    not null,
    -- The day of the month, or of the week from 1 for Monday.
    "anchor"      bigint  not null,
    -- The ids of its rows, as JSON, the oldest first.
    "members"     jsonb   not null,
    -- The ids of rows that its owner took out of it, as JSON.
    "leftOut"     jsonb   not null default '[]',
    "decision"    text    not null default 'open',
    "mergedInto"  text,
    "createdAt"   timestamptz not null,
    "updatedAt"   timestamptz not null,
    constraint "recurring_series_cadence" check ("cadence" in ('weekly', 'biweekly', 'monthly', 'quarterly', 'yearly')),
    constraint "recurring_series_kind" check ("kind" in ('fixed', 'variable')),
    constraint "recurring_series_status" check ("status" in ('early', 'active', 'missed', 'ended')),
    constraint "recurring_series_decision" check ("decision" in ('open', 'confirmed', 'ignored', 'merged')),
    constraint "recurring_series_merged" check (("decision" = 'merged') = ("mergedInto" is not null)),
    constraint "recurring_series_owner" unique ("userId", "id"),
    constraint "recurring_series_once" unique ("userId", "key"),
    constraint "recurring_series_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
);

create index "recurring_series_by_account" on "recurring_series" ("userId", "accountId");

grant select, insert, update, delete on "recurring_series" to coffer_app;
alter table "recurring_series" enable row level security;
alter table "recurring_series" force row level security;
create policy "own" on "recurring_series" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
