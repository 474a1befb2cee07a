-- What a person owns. Money in minor units, in > 0 and out < 0.

create table "bank_account" (
    "id"              text    primary key,
    "userId"          text    not null references "user" ("id") on delete cascade,
    "bankName"        text    not null,
    "accountType"     text    not null,
    "accountNickname" text,
    -- Envelopes `cfr1.…`; null for an account kept by hand.
    "accountNumber"   text,
    "routingNumber"   text,
    -- Blind index of the two numbers: finds a duplicate without telling the number.
    "numberIndex"     text,
    "mask"            text,
    "status"          text    not null,
    "currency"        text    not null,
    "openingMinor"    bigint not null default 0,
    "archivedAt"      timestamptz,
    "createdAt"       timestamptz not null,
    "updatedAt"       timestamptz not null,
    constraint "bank_account_type" check ("accountType" in ('checking', 'savings', 'credit', 'loan', 'cash', 'other')),
    constraint "bank_account_status" check ("status" in ('pending', 'active', 'suspended')),
    constraint "bank_account_currency" check (length("currency") = 3),
    constraint "bank_account_owner" unique ("userId", "id")
);

create unique index "bank_account_number" on "bank_account" ("userId", "numberIndex") where "archivedAt" is null;

create table "import" (
    "id"         text    primary key,
    "userId"     text    not null,
    "accountId"  text    not null,
    "fileName"   text    not null,
    "state"      text    not null,
    -- The file, until it is applied or a day has passed.
    "content"    bytea,
    "options"    jsonb    not null default '{}',
    -- Which header the file had: the next file with the same one is read the same way.
    "signature"  text,
    "added"      bigint not null default 0,
    "skipped"    bigint not null default 0,
    "failed"     bigint not null default 0,
    "createdAt"  timestamptz not null,
    "appliedAt"  timestamptz,
    "revertedAt" timestamptz,
    constraint "import_state" check ("state" in
        ('uploaded', 'mapped', 'previewed', 'applying', 'applied', 'reverting', 'reverted', 'failed')),
    constraint "import_owner" unique ("userId", "id"),
    constraint "import_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
);

create index "import_by_account" on "import" ("userId", "accountId");
create index "import_by_signature" on "import" ("userId", "signature", "appliedAt" desc) where "state" = 'applied';

create table "transaction" (
    "id"          text    primary key,
    "userId"      text    not null,
    "accountId"   text    not null,
    "date"        date    not null,
    "description" text    not null,
    "merchant"    text,
    "category"    text    not null default 'uncategorized',
    -- Who set the category: user > rule > provider > default.
    "categoryBy"  text    not null default 'default',
    "type"        text    not null,
    "status"      text    not null,
    "amountMinor" bigint not null,
    "currency"    text    not null,
    "note"        text,
    "source"      text    not null,
    "providerId"  text,
    -- Identity of a row that came from a file, and what it shares with further copies of itself.
    "fingerprint" text,
    "likeness"    text,
    "importId"    text,
    -- What a search looks at: description, merchant and note in lower case.
    "search"      text    not null default '',
    "createdAt"   timestamptz not null,
    "updatedAt"   timestamptz not null,
    "deletedAt"   timestamptz,
    constraint "transaction_type" check (
        ("type" = 'debit' and "amountMinor" <= 0) or ("type" = 'credit' and "amountMinor" >= 0)
        or ("type" = 'transfer' and "amountMinor" <> 0)),
    constraint "transaction_status" check ("status" in ('pending', 'completed', 'failed')),
    constraint "transaction_category_by" check ("categoryBy" in ('user', 'rule', 'provider', 'default')),
    constraint "transaction_fingerprint_whole" check (("fingerprint" is null) = ("likeness" is null)),
    constraint "transaction_owner" unique ("userId", "id"),
    constraint "transaction_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade,
    constraint "transaction_import" foreign key ("userId", "importId")
        references "import" ("userId", "id") on delete cascade
);

-- Lists, their sums and the sums of a month are read from these alone: behind the order stand the columns they add up.
create index "transaction_by_date" on "transaction" ("userId", "date" desc, "id" desc)
    include ("accountId", "status", "currency", "amountMinor", "category", "type")
    where "deletedAt" is null;
create index "transaction_by_account" on "transaction" ("userId", "accountId", "date" desc, "id" desc)
    include ("status", "currency", "amountMinor")
    where "deletedAt" is null;
create index "transaction_by_import" on "transaction" ("userId", "importId") where "importId" is not null;
create unique index "transaction_fingerprint" on "transaction" ("userId", "accountId", "likeness", "fingerprint")
    where "fingerprint" is not null;
create unique index "transaction_provider" on "transaction" ("userId", "accountId", "source", "providerId")
    where "providerId" is not null;

-- What the live rows of an account add up to, kept in step by the triggers below: a balance and the sums of a whole
-- list are read from here, however many rows there are.
create table "ledger_sum" (
    "userId"    text    not null,
    "accountId" text    not null,
    "currency"  text    not null,
    "status"    text    not null,
    "rows"      bigint not null,
    "inMinor"   bigint not null,
    "outMinor"  bigint not null,
    primary key ("userId", "accountId", "currency", "status"),
    constraint "ledger_sum_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
);

-- Once for each statement, not for each row: an import adds a thousand at a time.
create function ledger_sum_add() returns trigger language plpgsql as $$
begin
    insert into "ledger_sum" as s ("userId", "accountId", "currency", "status", "rows", "inMinor", "outMinor")
    select "userId", "accountId", "currency", "status", count(*),
           sum(greatest("amountMinor", 0)), sum(least("amountMinor", 0))
    from new_rows
    where "deletedAt" is null
    group by "userId", "accountId", "currency", "status"
    order by "userId", "accountId", "currency", "status"
    on conflict ("userId", "accountId", "currency", "status") do update
    set "rows" = s."rows" + excluded."rows", "inMinor" = s."inMinor" + excluded."inMinor",
        "outMinor" = s."outMinor" + excluded."outMinor";
    return null;
end
$$;

create function ledger_sum_subtract() returns trigger language plpgsql as $$
begin
    -- Whoever deletes a draft or a whole person may not read sums; those of a person go with their accounts.
    if not has_table_privilege('"ledger_sum"', 'update') then
        return null;
    end if;
    update "ledger_sum" s
    set "rows" = s."rows" - o."rows", "inMinor" = s."inMinor" - o."inMinor", "outMinor" = s."outMinor" - o."outMinor"
    from (
        select "userId", "accountId", "currency", "status", count(*) as "rows",
               sum(greatest("amountMinor", 0)) as "inMinor", sum(least("amountMinor", 0)) as "outMinor"
        from old_rows
        where "deletedAt" is null
        group by "userId", "accountId", "currency", "status"
    ) o
    where s."userId" = o."userId" and s."accountId" = o."accountId" and s."currency" = o."currency"
      and s."status" = o."status";
    return null;
end
$$;

create trigger "transaction_added" after insert on "transaction"
    referencing new table as new_rows for each statement execute function ledger_sum_add();
create trigger "transaction_removed" after delete on "transaction"
    referencing old table as old_rows for each statement execute function ledger_sum_subtract();
-- In the order of their names: what was is taken away before what is now is added.
create trigger "transaction_changed_1" after update on "transaction"
    referencing old table as old_rows for each statement execute function ledger_sum_subtract();
create trigger "transaction_changed_2" after update on "transaction"
    referencing new table as new_rows for each statement execute function ledger_sum_add();

create table "budget" (
    "id"          text    primary key,
    "userId"      text    not null references "user" ("id") on delete cascade,
    "category"    text    not null,
    "amountMinor" bigint not null check ("amountMinor" > 0),
    "currency"    text    not null,
    "period"      text    not null check ("period" in ('weekly', 'monthly', 'yearly')),
    "startDate"   date    not null,
    "endDate"     date,
    "rollover"    text    not null default 'none' check ("rollover" in ('none', 'surplus', 'full')),
    "capMinor"    bigint,
    "prorate"     boolean not null default false,
    "createdAt"   timestamptz not null,
    "updatedAt"   timestamptz not null,
    constraint "budget_dates" check ("endDate" is null or "endDate" >= "startDate"),
    constraint "budget_owner" unique ("userId", "id")
);

create unique index "budget_live" on "budget" ("userId", "category", "currency", "period") where "endDate" is null;

-- Answers of requests that carried an Idempotency-Key; kept for a day.
create table "idempotency" (
    "userId"    text    not null references "user" ("id") on delete cascade,
    "keyHash"   text    not null,
    "route"     text    not null,
    "bodyHash"  text    not null,
    "status"    bigint,
    "response"  jsonb,
    "createdAt" timestamptz not null,
    primary key ("userId", "keyHash")
);

create index "idempotency_created" on "idempotency" ("createdAt");

-- Keys that encrypt fields, each wrapped by a root key that is never in the database.
create table "data_key" (
    "kid"       text    primary key,
    "purpose"   text    not null,
    "rootKid"   text    not null,
    "wrapped"   text    not null,
    "state"     text    not null check ("state" in ('active', 'retired')),
    "uses"      bigint not null default 0,
    "createdAt" timestamptz not null
);

create unique index "data_key_active" on "data_key" ("purpose") where "state" = 'active';

-- Row-level security: the second lock beside the owner that every statement names.

grant select, insert, update, delete on "bank_account" to coffer_app;
alter table "bank_account" enable row level security;
alter table "bank_account" force row level security;
create policy "own" on "bank_account" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

grant select, insert, update, delete on "import" to coffer_app;
alter table "import" enable row level security;
alter table "import" force row level security;
create policy "own" on "import" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

grant select, insert, update, delete on "transaction" to coffer_app;
alter table "transaction" enable row level security;
alter table "transaction" force row level security;
create policy "own" on "transaction" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

grant select, insert, update, delete on "ledger_sum" to coffer_app;
alter table "ledger_sum" enable row level security;
alter table "ledger_sum" force row level security;
create policy "own" on "ledger_sum" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

grant select, insert, update, delete on "budget" to coffer_app;
alter table "budget" enable row level security;
alter table "budget" force row level security;
create policy "own" on "budget" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

grant select, insert, update, delete on "idempotency" to coffer_app;
alter table "idempotency" enable row level security;
alter table "idempotency" force row level security;
create policy "own" on "idempotency" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

-- Housekeeping without a user: drafts and answers that have had their day.
grant select ("createdAt"), delete on "idempotency" to coffer_auth;
create policy "sweep" on "idempotency" for all to coffer_auth using (true);
grant select ("state", "createdAt"), delete on "import" to coffer_auth;
create policy "sweep" on "import" for all to coffer_auth using ("state" in ('uploaded', 'mapped', 'previewed'));

grant select, insert, update on "data_key" to coffer_auth;
