-- A filter of the list of transactions that its owner gave a name to.
create table "saved_view" (
    "id"        text not null primary key,
    "userId"    text not null references "user" ("id") on delete cascade,
    "name"      text not null,
    -- The filters as they stand in an address.
    "query"     text not null,
    "createdAt" integer not null,
    "updatedAt" integer not null,
    constraint "saved_view_name" unique ("userId", "name")
) strict;
