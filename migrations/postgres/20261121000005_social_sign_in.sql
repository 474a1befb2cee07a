-- What a browser carries through a sign-in at another provider (tower-sessions). `id` is SHA-256 of the id in
-- the browser's signed cookie, in hexadecimal digits.
create table "flow_session" (
    "id"        text    primary key,
    "data"      text    not null,
    "expiresAt" timestamptz not null
);

create index "flow_session_expires" on "flow_session" ("expiresAt");

-- Which issuer vouched for an account: the subject alone means nothing when a provider's address changes.
create table "account_issuer" (
    "accountId" text primary key references "account" ("id") on delete cascade,
    "issuer"    text not null
);

-- People who do not want an address alone to connect an account of another provider.
create table "explicit_linking" (
    "userId"    text primary key references "user" ("id") on delete cascade,
    "createdAt" timestamptz not null
);

grant select, insert, update, delete on "flow_session", "account_issuer", "explicit_linking" to coffer_auth;
