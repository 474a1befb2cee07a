-- What a browser carries through a sign-in at another provider (tower-sessions). `id` is SHA-256 of the id in
-- the browser's signed cookie, in hexadecimal digits.
create table "flow_session" (
    "id"        text    primary key not null,
    "data"      text    not null,
    "expiresAt" integer not null
) strict;

create index "flow_session_expires" on "flow_session" ("expiresAt");

-- Which issuer vouched for an account: the subject alone means nothing when a provider's address changes.
create table "account_issuer" (
    "accountId" text primary key not null references "account" ("id") on delete cascade,
    "issuer"    text not null
) strict;

-- People who do not want an address alone to connect an account of another provider.
create table "explicit_linking" (
    "userId"    text    primary key not null references "user" ("id") on delete cascade,
    "createdAt" integer not null
) strict;
