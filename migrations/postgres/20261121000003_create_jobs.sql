-- Work that must happen once, later or again. A row is gone when its work is done; a dead one stays until it
-- is replayed.
create table "job" (
    "id"          text    primary key,
    "kind"        text    not null,
    "payload"     text    not null,
    -- Of the jobs with one key, one runs at a time.
    "key"         text,
    "state"       text    not null default 'pending',
    "runAt"       timestamptz not null,
    "attempts"    bigint not null default 0,
    "maxAttempts" bigint not null,
    -- Names the one run that may finish this job, until it is renewed or expires.
    "lease"       text,
    "leaseUntil"  timestamptz,
    "lastError"   text,
    "createdAt"   timestamptz not null,
    constraint "job_state" check ("state" in ('pending', 'running', 'dead')),
    constraint "job_leased" check (("state" = 'running') = ("lease" is not null)
        and ("lease" is null) = ("leaseUntil" is null))
);

create index "job_due" on "job" ("runAt", "id") where "state" = 'pending';
create index "job_expiry" on "job" ("leaseUntil") where "state" = 'running';
create unique index "job_one_runner" on "job" ("key") where "state" = 'running';
create index "job_by_key" on "job" ("key") where "key" is not null;

-- What is enqueued again and again.
create table "schedule" (
    "name"    text   primary key,
    "everyMs" bigint not null check ("everyMs" > 0),
    "nextAt"  timestamptz not null
);

-- The built-in mailbox of development: page and interface at /dev/mail.
create table "mail_message" (
    "id"        text   primary key,
    "sender"    text   not null,
    "recipient" text   not null,
    "subject"   text   not null,
    "text"      text   not null,
    "html"      text   not null,
    "createdAt" timestamptz not null
);

create index "mail_message_created" on "mail_message" ("createdAt" desc, "id" desc);

-- A person's own work may add jobs in its transaction, and see none: the payload may be about somebody else.
grant insert on "job" to coffer_app;
grant select, insert, update, delete on "job", "schedule", "mail_message" to coffer_auth;
