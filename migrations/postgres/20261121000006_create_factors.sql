-- Second factors and passkeys: the tables of Better Auth's plugins, with its names, and the devices that people trust.
-- A database that a Better Auth application made may have the plugins' tables already, in the form of an older
-- release; their rows stay as they are.

alter table "user" add column if not exists "twoFactorEnabled" boolean;
update "user" set "twoFactorEnabled" = false where "twoFactorEnabled" is null;
alter table "user" alter column "twoFactorEnabled" set default false;
alter table "user" alter column "twoFactorEnabled" set not null;

-- When this session last proved a second factor. Ours.
alter table "session" add column "factorAt" timestamptz;

create table if not exists "twoFactor" (
    "id"          text    primary key,
    -- An envelope `cfr1.…`, or what Better Auth writes.
    "secret"      text    not null,
    -- A JSON list of keyed hashes, or what Better Auth writes.
    "backupCodes" text    not null,
    "userId"      text    not null references "user" ("id") on delete cascade
);

alter table "twoFactor" add column if not exists "verified" boolean default true;
alter table "twoFactor" add column if not exists "failedVerificationCount" bigint default 0;
alter table "twoFactor" add column if not exists "lockedUntil" timestamptz;
-- The newest time step whose code was accepted. Ours.
alter table "twoFactor" add column "lastStep" bigint;
update "twoFactor" set "verified" = coalesce("verified", true),
                       "failedVerificationCount" = coalesce("failedVerificationCount", 0);
alter table "twoFactor" alter column "verified" set not null;
alter table "twoFactor" alter column "failedVerificationCount" type bigint;
alter table "twoFactor" alter column "failedVerificationCount" set default 0;
alter table "twoFactor" alter column "failedVerificationCount" set not null;
alter table "twoFactor" add constraint "twoFactor_user" unique ("userId");

create table if not exists "passkey" (
    "id"           text    primary key,
    "name"         text,
    "publicKey"    text    not null,
    "userId"       text    not null references "user" ("id") on delete cascade,
    "credentialID" text    not null,
    "counter"      bigint  not null,
    "deviceType"   text    not null,
    "backedUp"     boolean not null,
    "transports"   text,
    "createdAt"    timestamptz
);

alter table "passkey" add column if not exists "aaguid" text;
-- Ours.
alter table "passkey" add column "lastUsedAt" timestamptz;
-- Authenticators count to 2^32.
alter table "passkey" alter column "counter" type bigint;
create index if not exists "passkey_user" on "passkey" ("userId");
create unique index if not exists "passkey_credential" on "passkey" ("credentialID");

-- Browsers that are not asked for a second factor. Better Auth's profile keeps them in "verification" instead.
create table "trustedDevice" (
    "id"         text    primary key,
    "userId"     text    not null references "user" ("id") on delete cascade,
    -- SHA-256 of the token in the browser's cookie; another one after each sign-in.
    "tokenHash"  text    not null,
    "userAgent"  text    not null,
    "ipAddress"  text    not null,
    "createdAt"  timestamptz not null,
    "lastUsedAt" timestamptz not null,
    "expiresAt"  timestamptz not null,
    constraint "trustedDevice_token" unique ("tokenHash")
);

create index "trustedDevice_user" on "trustedDevice" ("userId");
create index "trustedDevice_expires" on "trustedDevice" ("expiresAt");

grant select, insert, update, delete on "twoFactor", "passkey", "trustedDevice" to coffer_auth;
