-- Budgets with a history, what repeats, and how a person counts their days.

-- Where the grid of the period begins: the day of the week from 1 (Monday), the day of the month, or month * 100 + day.
alter table "budget" add column "anchor" integer not null default 1;
update "budget" set "anchor" = 101 where "period" = 'yearly';

-- What the budget was worth from a day on.
create table "budget_revision" (
    "userId"      text    not null,
    "budgetId"    text    not null,
    "fromDate"    text not null,
    "amountMinor" integer not null check ("amountMinor" > 0),
    "createdAt"   integer not null,
    primary key ("userId", "budgetId", "fromDate"),
    constraint "budget_revision_budget" foreign key ("userId", "budgetId")
        references "budget" ("userId", "id") on delete cascade
) strict;

insert into "budget_revision" ("userId", "budgetId", "fromDate", "amountMinor", "createdAt")
select "userId", "id", "startDate", "amountMinor", "createdAt" from "budget";

-- A threshold that was reached, in percent: told once for each window.
create table "budget_alert" (
    "userId"      text    not null,
    "budgetId"    text    not null,
    "windowStart" text not null,
    "threshold"   integer not null,
    "sentAt"      integer not null,
    primary key ("userId", "budgetId", "windowStart", "threshold"),
    constraint "budget_alert_budget" foreign key ("userId", "budgetId")
        references "budget" ("userId", "id") on delete cascade
) strict;

-- What repeats, as the last look at the rows found it; what its owner decided stays.
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
    -- Signed like the rows.
    "amountMinor" integer not null,
    "changeMinor" integer not null default 0,
    "changedOn"   text,
    "firstOn"     text not null,
    "lastOn"      text not null,
    "nextOn"      text not null,
    "rows"        integer not null,
    -- The ids of its rows, as JSON.
    "members"     text    not null default '[]',
    "decision"    text    not null default 'open',
    "mergedInto"  text,
    "createdAt"   integer not null,
    "updatedAt"   integer not null,
    constraint "recurring_series_cadence" check ("cadence" in ('weekly', 'biweekly', 'monthly', 'quarterly', 'yearly')),
    constraint "recurring_series_kind" check ("kind" in ('fixed', 'variable')),
    constraint "recurring_series_status" check ("status" in ('early', 'active', 'missed', 'ended')),
    constraint "recurring_series_decision" check ("decision" in ('open', 'confirmed', 'ignored', 'merged')),
    constraint "recurring_series_owner" unique ("userId", "id"),
    constraint "recurring_series_once" unique ("userId", "key"),
    constraint "recurring_series_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
) strict;

create index "recurring_series_account" on "recurring_series" ("userId", "accountId");

-- How a person counts days and what they want done for them; without a row, the defaults.
create table "preference" (
    "userId"         text    primary key not null references "user" ("id") on delete cascade,
    -- An IANA zone: which day today is.
    "zone"           text    not null default 'UTC',
    "weekStart"      integer not null default 1 check ("weekStart" between 1 and 7),
    "monthStart"     integer not null default 1 check ("monthStart" between 1 and 31),
    -- month * 100 + day.
    "yearStart"      integer not null default 101,
    "matchTransfers" integer not null default 1,
    "budgetMail"     integer not null default 1,
    "checklistHidden" integer not null default 0,
    "updatedAt"      integer not null
) strict;
