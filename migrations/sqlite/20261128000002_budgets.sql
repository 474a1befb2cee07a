-- Budgets with a history, and how a person counts their days.

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
