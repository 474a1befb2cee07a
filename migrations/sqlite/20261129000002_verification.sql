-- The proof that an account is its owner's, by small deposits.

-- One round of deposits. The answer is kept as a keyed hash.
create table "verification_round" (
    "id"         text    primary key not null,
    "userId"     text    not null,
    "accountId"  text    not null,
    "kind"       text    not null,
    "state"      text    not null,
    "answerHash" text    not null,
    "tries"      integer not null default 0,
    "maxTries"   integer not null,
    "provider"   text    not null,
    -- The provider's reference; null until the deposits were sent.
    "reference"  text,
    "expectedOn" text not null,
    "sentAt"     integer not null,
    "postedAt"   integer,
    "expiresAt"  integer,
    "endedAt"    integer,
    -- Why it failed: a code, whose sentence is shown.
    "reason"     text,
    "remindedAt" integer,
    constraint "verification_round_kind" check ("kind" in ('amounts', 'code')),
    constraint "verification_round_state" check ("state" in ('sent', 'posted', 'verified', 'failed', 'expired')),
    constraint "verification_round_owner" unique ("userId", "id"),
    constraint "verification_round_account" foreign key ("userId", "accountId")
        references "bank_account" ("userId", "id") on delete cascade
) strict;

create index "verification_round_by_account" on "verification_round" ("userId", "accountId", "sentAt");
create unique index "verification_round_open" on "verification_round" ("userId", "accountId")
    where "state" in ('sent', 'posted');

-- Which rounds one pair of numbers has had, whoever asked: a keyed hash of the numbers and a time, nobody's row. As many
-- places as there may be rounds, so that two who ask at once do not both get the last one.
create table "verification_start" (
    "numberHash" text    not null,
    "place"      integer not null,
    "startedAt"  integer not null,
    primary key ("numberHash", "place")
) strict;
