-- Banks: connections to providers, what their accounts say, and the proof that an account is its owner's.

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
-- The place in the list that its owner gave it.
alter table "bank_account" add column "position" bigint not null default 0;

-- The owner of the tables sees no rows either, unless told.
alter table "bank_account" no force row level security;
update "bank_account" set "verification" = 'unstarted' where "status" = 'pending';

alter table "bank_account" force row level security;

create unique index "bank_account_provider" on "bank_account" ("userId", "connectionId", "providerId")
    where "providerId" is not null;

-- One round of deposits. The answer is kept as a keyed hash.
create table "verification_round" (
    "id"         text    primary key,
    "userId"     text    not null,
    "accountId"  text    not null,
    "kind"       text    not null,
    "state"      text    not null,
    "answerHash" text    not null,
    "tries"      bigint not null default 0,
    "maxTries"   bigint not null,
    -- Whose deposits they are: the provider's reference, or null for the built-in bank.
    "reference"  text,
    "expectedOn" date not null,
    "sentAt"     timestamptz not null,
    "postedAt"   timestamptz,
    "expiresAt"  timestamptz,
    "endedAt"    timestamptz,
    "reason"     text,
    "remindedAt" timestamptz,
    constraint "verification_round_kind" check ("kind" in ('amounts', 'code')),
    constraint "verification_round_state" check ("state" in
        ('sent', 'posted', 'verified', 'failed', 'expired')),
    constraint "verification_round_owner" unique ("userId", "id"),
    constraint "verification_round_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
);

create index "verification_round_by_account" on "verification_round" ("userId", "accountId", "sentAt");
create unique index "verification_round_open" on "verification_round" ("userId", "accountId")
    where "state" in ('sent', 'posted');

-- How often deposits went to one pair of numbers, whoever asked: a keyed hash of the numbers and a time, nobody's row.
create table "verification_start" (
    "id"         text    primary key,
    "numberHash" text    not null,
    "startedAt"  timestamptz not null
);

create index "verification_start_number" on "verification_start" ("numberHash", "startedAt");

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

-- The built-in bank's own memory: who has a login there, and what was switched on for it.
create table "simbank_login" (
    "itemId"      text    primary key,
    "institution" text    not null,
    "login"       text    not null,
    "seed"        text    not null,
    "broken"      text,
    "syncs"       bigint not null default 0,
    "extra"       text    not null default '[]',
    "createdOn"   date not null
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
    "state"      text    not null default 'sent',
    "returned"   text
);

grant select, insert, update, delete on "connection", "link_attempt", "verification_round" to coffer_app;
alter table "connection" enable row level security;
alter table "connection" force row level security;
create policy "own" on "connection" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
alter table "link_attempt" enable row level security;
alter table "link_attempt" force row level security;
create policy "own" on "link_attempt" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
alter table "verification_round" enable row level security;
alter table "verification_round" force row level security;
create policy "own" on "verification_round" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

-- Whose connection a webhook or a schedule is about: ids and times, neither tokens nor names.
grant select ("id", "userId", "provider", "itemId", "state", "nextSyncAt", "removedAt") on "connection" to coffer_auth;
create policy "look" on "connection" for select to coffer_auth using (true);
grant select ("id", "userId", "accountId", "state", "postedAt", "expiresAt", "expectedOn", "remindedAt")
    on "verification_round" to coffer_auth;
create policy "look" on "verification_round" for select to coffer_auth using (true);
grant select ("expiresAt"), delete on "link_attempt" to coffer_auth;
create policy "sweep" on "link_attempt" for all to coffer_auth using (true);
grant select, insert, update, delete on "verification_start", "bank_webhook", "simbank_login", "simbank_clock",
    "simbank_deposit" to coffer_auth;
