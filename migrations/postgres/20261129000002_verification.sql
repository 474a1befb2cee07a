-- The proof that an account is its owner's, by small deposits.

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
    "provider"   text    not null,
    -- The provider's reference; null until the deposits were sent.
    "reference"  text,
    "expectedOn" date not null,
    "sentAt"     timestamptz not null,
    "postedAt"   timestamptz,
    "expiresAt"  timestamptz,
    "endedAt"    timestamptz,
    -- Why it failed: a code, whose sentence is shown.
    "reason"     text,
    "remindedAt" timestamptz,
    constraint "verification_round_kind" check ("kind" in ('amounts', 'code')),
    constraint "verification_round_state" check ("state" in ('sent', 'posted', 'verified', 'failed', 'expired')),
    constraint "verification_round_owner" unique ("userId", "id"),
    constraint "verification_round_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
);

create index "verification_round_by_account" on "verification_round" ("userId", "accountId", "sentAt");
create unique index "verification_round_open" on "verification_round" ("userId", "accountId")
    where "state" in ('sent', 'posted');

-- Which rounds one pair of numbers has had, whoever asked: a keyed hash of the numbers and a time, nobody's row. As many
-- places as there may be rounds, so that two who ask at once do not both get the last one.
create table "verification_start" (
    "numberHash" text    not null,
    "place"      bigint not null,
    "startedAt"  timestamptz not null,
    primary key ("numberHash", "place")
);

grant select, insert, update, delete on "verification_round" to coffer_app;
alter table "verification_round" enable row level security;
alter table "verification_round" force row level security;
create policy "own" on "verification_round" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
grant select, insert, delete on "verification_start" to coffer_app;

-- Which rounds are open, for the job that looks how they stand.
grant select ("id", "userId", "state", "sentAt") on "verification_round" to coffer_auth;
create policy "look" on "verification_round" for select to coffer_auth using (true);
