-- Better Auth's four tables, with its names. Instants are milliseconds since 1970, UTC.

create table "user" (
    "id"            text    primary key not null,
    "name"          text    not null,
    "email"         text    not null,
    "emailVerified" integer not null default 0 check ("emailVerified" in (0, 1)),
    "image"         text,
    "createdAt"     integer not null,
    "updatedAt"     integer not null
) strict;

create unique index "user_email" on "user" (lower("email"));

-- `token` holds SHA-256 of the token (hex), or the token itself under AUTH_PROFILE=better-auth.
create table "session" (
    "id"         text    primary key not null,
    "expiresAt"  integer not null,
    "token"      text    not null,
    "createdAt"  integer not null,
    "updatedAt"  integer not null,
    "ipAddress"  text,
    "userAgent"  text,
    "userId"     text    not null references "user" ("id") on delete cascade,
    -- Ours. Null in rows that Better Auth wrote.
    "authAt"     integer,
    "lastSeenAt" integer,
    "absoluteAt" integer,
    "remembered" integer not null default 1 check ("remembered" in (0, 1)),
    constraint "session_token" unique ("token")
) strict;

create index "session_user" on "session" ("userId");
create index "session_expires" on "session" ("expiresAt");

create table "account" (
    "id"                    text    primary key not null,
    "accountId"             text    not null,
    "providerId"            text    not null,
    "userId"                text    not null references "user" ("id") on delete cascade,
    "accessToken"           text,
    "refreshToken"          text,
    "idToken"               text,
    "accessTokenExpiresAt"  integer,
    "refreshTokenExpiresAt" integer,
    "scope"                 text,
    "password"              text,
    "createdAt"             integer not null,
    "updatedAt"             integer not null
) strict;

create index "account_user" on "account" ("userId");
create index "account_provider" on "account" ("providerId", "accountId");

create table "verification" (
    "id"         text    primary key not null,
    "identifier" text    not null,
    "value"      text    not null,
    "expiresAt"  integer not null,
    "createdAt"  integer,
    "updatedAt"  integer
) strict;

create index "verification_identifier" on "verification" ("identifier", "createdAt");
create index "verification_expires" on "verification" ("expiresAt");

-- What Polar says of a person's subscriptions. Money in minor units.
create table "subscription" (
    "id"                          text    primary key not null,
    "createdAt"                   integer not null,
    "modifiedAt"                  integer,
    "amount"                      integer not null,
    "currency"                    text    not null,
    "recurringInterval"           text    not null,
    "status"                      text    not null,
    "currentPeriodStart"          integer not null,
    "currentPeriodEnd"            integer,
    "cancelAtPeriodEnd"           integer not null default 0 check ("cancelAtPeriodEnd" in (0, 1)),
    "canceledAt"                  integer,
    "startedAt"                   integer,
    "endsAt"                      integer,
    "endedAt"                     integer,
    "customerId"                  text    not null,
    "productId"                   text    not null,
    "discountId"                  text,
    "checkoutId"                  text,
    "customerCancellationReason"  text,
    "customerCancellationComment" text,
    "metadata"                    text,
    "customFieldData"             text,
    "userId"                      text    references "user" ("id") on delete set null
) strict;

create index "subscription_user" on "subscription" ("userId", "status");
