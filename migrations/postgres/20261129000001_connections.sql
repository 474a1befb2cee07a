-- Banks: connections to providers, what their accounts say, and rows as the bank reports them.

-- One login at one bank, by way of a provider. The token and the cursor are the provider's own.
create table "connection" (
    "id"              text    primary key,
    "userId"          text    not null references "user" ("id") on delete cascade,
    "provider"        text    not null,
    "institutionId"   text    not null,
    "institutionName" text    not null,
    -- The provider's id of it, which its webhooks carry.
    "itemId"          text    not null,
    -- An envelope `cfr1.…`; null once the connection is removed.
    "token"           text,
    -- How far the rows have been read; null before the first time.
    "cursor"          text,
    "state"           text    not null default 'healthy',
    -- The day it expires, where the provider said so.
    "expiresOn"       date,
    -- Why the last sync failed: a kind of error, never the provider's words.
    "problem"         text,
    "failures"        bigint not null default 0,
    -- A webhook came while a sync was running.
    "syncAgain"       boolean not null default false,
    "historyComplete" boolean not null default false,
    "lastSyncAt"      timestamptz,
    "nextSyncAt"      timestamptz,
    -- The last thing somebody was told by mail about it.
    "toldOf"          text,
    "newAccounts"     boolean not null default false,
    "createdAt"       timestamptz not null,
    "updatedAt"       timestamptz not null,
    "removedAt"       timestamptz,
    constraint "connection_state" check ("state" in
        ('healthy', 'syncing', 'login_required', 'expiring', 'institution_down', 'revoked', 'removed')),
    constraint "connection_owner" unique ("userId", "id"),
    constraint "connection_item" unique ("provider", "itemId")
);

create index "connection_by_user" on "connection" ("userId", "createdAt");
create index "connection_due" on "connection" ("nextSyncAt") where "nextSyncAt" is not null;

-- One try of linking: bound to a person, used once, for half an hour.
create table "link_attempt" (
    "id"           text    primary key,
    "userId"       text    not null references "user" ("id") on delete cascade,
    "provider"     text    not null,
    -- Null for a new connection, else the one that is repaired.
    "connectionId" text,
    "stateHash"    text    not null,
    -- The provider's token or address for its own window, sealed.
    "start"        text,
    "expiresAt"    timestamptz not null,
    "usedAt"       timestamptz,
    "createdAt"    timestamptz not null,
    constraint "link_attempt_owner" unique ("userId", "id"),
    constraint "link_attempt_connection" foreign key ("userId", "connectionId")
        references "connection" ("userId", "id") on delete cascade
);

create index "link_attempt_by_user" on "link_attempt" ("userId");
create index "link_attempt_expiry" on "link_attempt" ("expiresAt");

alter table "bank_account" add column "connectionId" text;
-- The provider's ids of the account: one that may change, one that stays.
alter table "bank_account" add column "providerId" text;
alter table "bank_account" add column "persistentId" text;
-- The bank uses another number for us than on the cheque.
alter table "bank_account" add column "numberIsToken" boolean not null default false;
alter table "bank_account" add column "bankBalanceMinor" bigint;
alter table "bank_account" add column "bankAvailableMinor" bigint;
alter table "bank_account" add column "bankBalanceAt" timestamptz;
-- Since when the bank's balance and ours differ.
alter table "bank_account" add column "gapSince" timestamptz;
alter table "bank_account" add column "verification" text not null default 'not_needed'
    check ("verification" in ('not_needed', 'unstarted', 'sent', 'posted', 'verified', 'failed', 'expired', 'locked'));
alter table "bank_account" add column "verificationMethod" text;
alter table "bank_account" add column "verifiedAt" timestamptz;
-- Why it is suspended: a code, whose sentence is shown.
alter table "bank_account" add column "statusReason" text;

-- The owner of the table sees no rows either, unless told.
alter table "bank_account" no force row level security;
update "bank_account" set "verification" = 'unstarted' where "status" = 'pending';
alter table "bank_account" force row level security;

create unique index "bank_account_provider" on "bank_account" ("userId", "connectionId", "providerId")
    where "providerId" is not null;

-- The provider's id of the pending row that this one was, and whether the provider says it is a transfer.
alter table "transaction" add column "pendingId" text;
alter table "transaction" add column "providerTransfer" boolean not null default false;
-- The key under which rows of one shop come together.
alter table "transaction" add column "merchantKey" text not null default '';

create index "transaction_pending_id" on "transaction" ("userId", "accountId", "pendingId")
    where "pendingId" is not null;

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

-- What providers tell us, kept before it is acknowledged. It only says: look again.
create table "bank_webhook" (
    "id"         text    primary key,
    "provider"   text    not null,
    "itemId"     text,
    "kind"       text    not null,
    "body"       text,
    "receivedAt" timestamptz not null,
    "state"      text    not null default 'new',
    "error"      text,
    "settledAt"  timestamptz,
    constraint "bank_webhook_state" check ("state" in ('new', 'applied', 'ignored', 'unknown', 'failed'))
);

create index "bank_webhook_received" on "bank_webhook" ("receivedAt");

-- The built-in bank's own memory: who has a login there, and what was switched on for it. Of its tokens it keeps hashes.
create table "simbank_login" (
    "itemId"      text    primary key,
    "institution" text    not null,
    "login"       text    not null,
    "seed"        text    not null,
    "publicHash"  text,
    "publicUntil" timestamptz,
    "tokenHash"   text,
    "broken"      text,
    "syncs"       bigint not null default 0,
    "extra"       text    not null default '[]',
    "openedOn"    date not null,
    constraint "simbank_login_public" unique ("publicHash"),
    constraint "simbank_login_token" unique ("tokenHash")
);

-- How many days its clock is ahead of ours.
create table "simbank_clock" (
    "id"   bigint primary key,
    "days" bigint not null
);

-- Deposits that it is on the way with: it knows the amounts, as a bank does.
create table "simbank_deposit" (
    "reference"  text    primary key,
    "numberHash" text    not null,
    "kind"       text    not null,
    "answer"     text    not null,
    "postsOn"    date not null,
    -- When it was booked, or sent back.
    "endedAt"    timestamptz,
    -- The ACH return code it will be sent back with.
    "returned"   text
);

grant select, insert, update, delete on "connection", "link_attempt", "duplicate_pair" to coffer_app;
alter table "connection" enable row level security;
alter table "connection" force row level security;
create policy "own" on "connection" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
alter table "link_attempt" enable row level security;
alter table "link_attempt" force row level security;
create policy "own" on "link_attempt" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
alter table "duplicate_pair" enable row level security;
alter table "duplicate_pair" force row level security;
create policy "own" on "duplicate_pair" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

-- Whose connection a webhook or a schedule is about: ids and times, neither tokens nor names.
grant select ("id", "userId", "provider", "itemId", "state", "nextSyncAt", "createdAt", "removedAt")
    on "connection" to coffer_auth;
create policy "look" on "connection" for select to coffer_auth using (true);
grant select ("expiresAt"), delete on "link_attempt" to coffer_auth;
create policy "sweep" on "link_attempt" for all to coffer_auth using (true);
grant select, insert, update, delete on "bank_webhook", "simbank_login", "simbank_clock", "simbank_deposit" to coffer_auth;
