-- Better Auth's four tables, with its names.

create table "user" (
    "id"            text    primary key,
    "name"          text    not null,
    "email"         text    not null,
    "emailVerified" boolean not null default false,
    "image"         text,
    "createdAt"     timestamptz not null,
    "updatedAt"     timestamptz not null
);

create unique index "user_email" on "user" (lower("email"));

-- `token` holds SHA-256 of the token (hex), or the token itself under AUTH_PROFILE=better-auth.
create table "session" (
    "id"         text    primary key,
    "expiresAt"  timestamptz not null,
    "token"      text    not null,
    "createdAt"  timestamptz not null,
    "updatedAt"  timestamptz not null,
    "ipAddress"  text,
    "userAgent"  text,
    "userId"     text    not null references "user" ("id") on delete cascade,
    -- Ours. Null in rows that Better Auth wrote.
    "authAt"     timestamptz,
    "lastSeenAt" timestamptz,
    "absoluteAt" timestamptz,
    "remembered" boolean not null default true,
    constraint "session_token" unique ("token")
);

create index "session_user" on "session" ("userId");
create index "session_expires" on "session" ("expiresAt");

create table "account" (
    "id"                    text    primary key,
    "accountId"             text    not null,
    "providerId"            text    not null,
    "userId"                text    not null references "user" ("id") on delete cascade,
    "accessToken"           text,
    "refreshToken"          text,
    "idToken"               text,
    "accessTokenExpiresAt"  timestamptz,
    "refreshTokenExpiresAt" timestamptz,
    "scope"                 text,
    "password"              text,
    "createdAt"             timestamptz not null,
    "updatedAt"             timestamptz not null
);

create index "account_user" on "account" ("userId");
create index "account_provider" on "account" ("providerId", "accountId");

create table "verification" (
    "id"         text    primary key,
    "identifier" text    not null,
    "value"      text    not null,
    "expiresAt"  timestamptz not null,
    "createdAt"  timestamptz,
    "updatedAt"  timestamptz
);

create index "verification_identifier" on "verification" ("identifier", "createdAt");
create index "verification_expires" on "verification" ("expiresAt");

-- What Polar says of a person's subscriptions. Money in minor units.
create table "subscription" (
    "id"                          text    primary key,
    "createdAt"                   timestamptz not null,
    "modifiedAt"                  timestamptz,
    "amount"                      bigint not null,
    "currency"                    text    not null,
    "recurringInterval"           text    not null,
    "status"                      text    not null,
    "currentPeriodStart"          bigint not null,
    "currentPeriodEnd"            bigint,
    "cancelAtPeriodEnd"           boolean not null default false,
    "canceledAt"                  timestamptz,
    "startedAt"                   timestamptz,
    "endsAt"                      timestamptz,
    "endedAt"                     timestamptz,
    "customerId"                  text    not null,
    "productId"                   text    not null,
    "discountId"                  text,
    "checkoutId"                  text,
    "customerCancellationReason"  text,
    "customerCancellationComment" text,
    "metadata"                    jsonb,
    "customFieldData"             jsonb,
    "userId"                      text    references "user" ("id") on delete set null
);

create index "subscription_user" on "subscription" ("userId", "status");

-- Two roles with disjoint rights: `coffer_auth` signs people in and runs jobs and cannot read money; `coffer_app`
-- sees a person's own rows and cannot read passwords or sessions. `coffer_backup` is for pg_dump alone.
do $$
declare
    name text;
begin
    foreach name in array array['coffer_auth', 'coffer_app'] loop
        begin
            execute format('create role %I nologin', name);
        exception when duplicate_object or unique_violation then
            null; -- another database of this server has them already
        end;
        execute format('grant %I to current_user', name);
        execute format('grant usage on schema public to %I', name);
    end loop;
end
$$;

grant select, insert, update, delete on "user", "session", "account", "verification", "subscription" to coffer_auth;

-- A person's subscriptions: written from webhooks, read by their owner.
alter table "subscription" enable row level security;
alter table "subscription" force row level security;
create policy "webhooks" on "subscription" to coffer_auth using (true) with check (true);

-- Whose rows this transaction may touch. A setting that was set once reads as '' afterwards, hence nullif.
create function app_user_id() returns text
    language sql stable parallel safe
    return nullif(current_setting('app.user_id', true), '');

grant select on "subscription" to coffer_app;
create policy "own" on "subscription" for select to coffer_app
    using ("userId" = (select app_user_id()));
