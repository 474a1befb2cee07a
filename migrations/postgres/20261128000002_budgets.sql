-- Budgets with a history, and how a person counts their days.

-- Where the grid of the period begins: the day of the week from 1 (Monday), the day of the month, or month * 100 + day.
alter table "budget" add column "anchor" bigint not null default 1;

-- The owner of the table sees no rows either, unless told.
alter table "budget" no force row level security;
update "budget" set "anchor" = 101 where "period" = 'yearly';

-- What the budget was worth from a day on.
create table "budget_revision" (
    "userId"      text    not null,
    "budgetId"    text    not null,
    "fromDate"    date not null,
    "amountMinor" bigint not null check ("amountMinor" > 0),
    "createdAt"   timestamptz not null,
    primary key ("userId", "budgetId", "fromDate"),
    constraint "budget_revision_budget" foreign key ("userId", "budgetId")
        references "budget" ("userId", "id") on delete cascade
);

insert into "budget_revision" ("userId", "budgetId", "fromDate", "amountMinor", "createdAt")
select "userId", "id", "startDate", "amountMinor", "createdAt" from "budget";

alter table "budget" force row level security;

-- A threshold that was reached, in percent: told once for each window.
create table "budget_alert" (
    "userId"      text    not null,
    "budgetId"    text    not null,
    "windowStart" date not null,
    "threshold"   bigint not null,
    "sentAt"      timestamptz not null,
    primary key ("userId", "budgetId", "windowStart", "threshold"),
    constraint "budget_alert_budget" foreign key ("userId", "budgetId")
        references "budget" ("userId", "id") on delete cascade
);

-- How a person counts days and what they want done for them; without a row, the defaults.
create table "preference" (
    "userId"         text    primary key references "user" ("id") on delete cascade,
    -- An IANA zone: which day today is.
    "zone"           text    not null default 'UTC',
    "weekStart"      bigint not null default 1 check ("weekStart" between 1 and 7),
    "monthStart"     bigint not null default 1 check ("monthStart" between 1 and 31),
    -- month * 100 + day.
    "yearStart"      bigint not null default 101,
    "matchTransfers" boolean not null default true,
    "budgetMail"     boolean not null default true,
    "checklistHidden" boolean not null default false,
    "updatedAt"      timestamptz not null
);

grant select, insert, update, delete on "budget_revision" to coffer_app;
alter table "budget_revision" enable row level security;
alter table "budget_revision" force row level security;
create policy "own" on "budget_revision" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
grant select, insert, update, delete on "budget_alert" to coffer_app;
alter table "budget_alert" enable row level security;
alter table "budget_alert" force row level security;
create policy "own" on "budget_alert" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
grant select, insert, update, delete on "preference" to coffer_app;
alter table "preference" enable row level security;
alter table "preference" force row level security;
create policy "own" on "preference" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
