-- Second factors and passkeys: the tables of Better Auth's plugins, with its names, and the devices that people trust.

alter table "user" add column "twoFactorEnabled" integer not null default 0 check ("twoFactorEnabled" in (0, 1));

-- When this session last proved a second factor. Ours.
alter table "session" add column "factorAt" integer;

create table "twoFactor" (
    "id"                      text    primary key not null,
    -- An envelope `cfr1.…`, or what Better Auth writes.
    "secret"                  text    not null,
    -- A JSON list of keyed hashes, or what Better Auth writes.
    "backupCodes"             text    not null,
    "userId"                  text    not null references "user" ("id") on delete cascade,
    "verified"                integer not null default 1 check ("verified" in (0, 1)),
    "failedVerificationCount" integer not null default 0,
    "lockedUntil"             integer,
    -- The newest time step whose code was accepted. Ours.
    "lastStep"                integer,
    constraint "twoFactor_user" unique ("userId")
) strict;

create table "passkey" (
    "id"           text    primary key not null,
    "name"         text,
    "publicKey"    text    not null,
    "userId"       text    not null references "user" ("id") on delete cascade,
    "credentialID" text    not null,
    "counter"      integer not null,
    "deviceType"   text    not null,
    "backedUp"     integer not null check ("backedUp" in (0, 1)),
    "transports"   text,
    "createdAt"    integer,
    "aaguid"       text,
    -- Ours.
    "lastUsedAt"   integer
) strict;

create index "passkey_user" on "passkey" ("userId");
create unique index "passkey_credential" on "passkey" ("credentialID");

-- Browsers that are not asked for a second factor. Better Auth's profile keeps them in "verification" instead.
create table "trustedDevice" (
    "id"         text    primary key not null,
    "userId"     text    not null references "user" ("id") on delete cascade,
    -- SHA-256 of the token in the browser's cookie; another one after each sign-in.
    "tokenHash"  text    not null,
    "userAgent"  text    not null,
    "ipAddress"  text    not null,
    "createdAt"  integer not null,
    "lastUsedAt" integer not null,
    "expiresAt"  integer not null,
    constraint "trustedDevice_token" unique ("tokenHash")
) strict;

create index "trustedDevice_user" on "trustedDevice" ("userId");
create index "trustedDevice_expires" on "trustedDevice" ("expiresAt");
