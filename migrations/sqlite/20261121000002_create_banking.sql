-- What a person owns. Money in minor units, in > 0 and out < 0; dates are text as in ISO 8601.

create table "bank_account" (
    "id"              text    primary key not null,
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
    "openingMinor"    integer not null default 0,
    "archivedAt"      integer,
    "createdAt"       integer not null,
    "updatedAt"       integer not null,
    constraint "bank_account_type" check ("accountType" in ('checking', 'savings', 'credit', 'loan', 'cash', 'other')),
    constraint "bank_account_status" check ("status" in ('pending', 'active', 'suspended')),
    constraint "bank_account_currency" check (length("currency") = 3),
    constraint "bank_account_owner" unique ("userId", "id")
) strict;

create unique index "bank_account_number" on "bank_account" ("userId", "numberIndex") where "archivedAt" is null;

create table "import" (
    "id"         text    primary key not null,
    "userId"     text    not null,
    "accountId"  text    not null,
    "fileName"   text    not null,
    "state"      text    not null,
    -- The file, until it is applied or a day has passed.
    "content"    blob,
    "options"    text    not null default '{}',
    -- Which header the file had: the next file with the same one is read the same way.
    "signature"  text,
    "added"      integer not null default 0,
    "skipped"    integer not null default 0,
    "failed"     integer not null default 0,
    "createdAt"  integer not null,
    "appliedAt"  integer,
    "revertedAt" integer,
    constraint "import_state" check ("state" in
        ('uploaded', 'mapped', 'previewed', 'applying', 'applied', 'reverting', 'reverted', 'failed')),
    constraint "import_owner" unique ("userId", "id"),
    constraint "import_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
) strict;

create index "import_by_account" on "import" ("userId", "accountId");
create index "import_by_signature" on "import" ("userId", "signature", "appliedAt" desc) where "state" = 'applied';

create table "transaction" (
    "id"          text    primary key not null,
    "userId"      text    not null,
    "accountId"   text    not null,
    "date"        text    not null,
    "description" text    not null,
    "merchant"    text,
    "category"    text    not null default 'uncategorized',
    -- Who set the category: user > rule > provider > default.
    "categoryBy"  text    not null default 'default',
    "type"        text    not null,
    "status"      text    not null,
    "amountMinor" integer not null,
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
    "createdAt"   integer not null,
    "updatedAt"   integer not null,
    "deletedAt"   integer,
    constraint "transaction_date" check (length("date") = 10),
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
) strict;

-- Lists, their sums and the sums of a month are read from these alone: behind the order stand the columns they add up.
create index "transaction_by_date" on "transaction"
    ("userId", "date" desc, "id" desc, "accountId", "status", "currency", "amountMinor", "category", "type")
    where "deletedAt" is null;
create index "transaction_by_account" on "transaction"
    ("userId", "accountId", "date" desc, "id" desc, "status", "currency", "amountMinor")
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
    "rows"      integer not null,
    "inMinor"   integer not null,
    "outMinor"  integer not null,
    primary key ("userId", "accountId", "currency", "status"),
    constraint "ledger_sum_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
) strict;

create trigger "transaction_added" after insert on "transaction" when new."deletedAt" is null
begin
    insert into "ledger_sum" ("userId", "accountId", "currency", "status", "rows", "inMinor", "outMinor")
    values (new."userId", new."accountId", new."currency", new."status", 1,
            max(new."amountMinor", 0), min(new."amountMinor", 0))
    on conflict ("userId", "accountId", "currency", "status") do update
    set "rows" = "rows" + 1, "inMinor" = "inMinor" + excluded."inMinor", "outMinor" = "outMinor" + excluded."outMinor";
end;

create trigger "transaction_removed" after delete on "transaction" when old."deletedAt" is null
begin
    update "ledger_sum"
    set "rows" = "rows" - 1,
        "inMinor" = "inMinor" - max(old."amountMinor", 0), "outMinor" = "outMinor" - min(old."amountMinor", 0)
    where "userId" = old."userId" and "accountId" = old."accountId" and "currency" = old."currency"
      and "status" = old."status";
end;

create trigger "transaction_changed"
    after update of "accountId", "currency", "status", "amountMinor", "deletedAt" on "transaction"
begin
    update "ledger_sum"
    set "rows" = "rows" - 1,
        "inMinor" = "inMinor" - max(old."amountMinor", 0), "outMinor" = "outMinor" - min(old."amountMinor", 0)
    where old."deletedAt" is null and "userId" = old."userId" and "accountId" = old."accountId"
      and "currency" = old."currency" and "status" = old."status";
    insert into "ledger_sum" ("userId", "accountId", "currency", "status", "rows", "inMinor", "outMinor")
    select new."userId", new."accountId", new."currency", new."status", 1,
           max(new."amountMinor", 0), min(new."amountMinor", 0)
    where new."deletedAt" is null
    on conflict ("userId", "accountId", "currency", "status") do update
    set "rows" = "rows" + 1, "inMinor" = "inMinor" + excluded."inMinor", "outMinor" = "outMinor" + excluded."outMinor";
end;

create table "budget" (
    "id"          text    primary key not null,
    "userId"      text    not null references "user" ("id") on delete cascade,
    "category"    text    not null,
    "amountMinor" integer not null check ("amountMinor" > 0),
    "currency"    text    not null,
    "period"      text    not null check ("period" in ('weekly', 'monthly', 'yearly')),
    "startDate"   text    not null,
    "endDate"     text,
    "rollover"    text    not null default 'none' check ("rollover" in ('none', 'surplus', 'full')),
    "capMinor"    integer,
    "prorate"     integer not null default 0 check ("prorate" in (0, 1)),
    "createdAt"   integer not null,
    "updatedAt"   integer not null,
    constraint "budget_dates" check ("endDate" is null or "endDate" >= "startDate"),
    constraint "budget_owner" unique ("userId", "id")
) strict;

create unique index "budget_live" on "budget" ("userId", "category", "currency", "period") where "endDate" is null;

-- Answers of requests that carried an Idempotency-Key; kept for a day.
create table "idempotency" (
    "userId"    text    not null references "user" ("id") on delete cascade,
    "keyHash"   text    not null,
    "route"     text    not null,
    "bodyHash"  text    not null,
    "status"    integer,
    "response"  text,
    "createdAt" integer not null,
    primary key ("userId", "keyHash")
) strict;

create index "idempotency_created" on "idempotency" ("createdAt");

-- Keys that encrypt fields, each wrapped by a root key that is never in the database.
create table "data_key" (
    "kid"       text    primary key not null,
    "purpose"   text    not null,
    "rootKid"   text    not null,
    "wrapped"   text    not null,
    "state"     text    not null check ("state" in ('active', 'retired')),
    "uses"      integer not null default 0,
    "createdAt" integer not null
) strict;

create unique index "data_key_active" on "data_key" ("purpose") where "state" = 'active';
