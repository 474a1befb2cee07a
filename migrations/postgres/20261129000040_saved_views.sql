-- A filter of the list of transactions that its owner gave a name to.
create table "saved_view" (
    "id"        text primary key,
    "userId"    text not null references "user" ("id") on delete cascade,
    "name"      text not null,
    -- The filters as they stand in an address.
    "query"     text not null,
    "createdAt" timestamptz not null,
    "updatedAt" timestamptz not null,
    constraint "saved_view_name" unique ("userId", "name")
);

grant select, insert, update, delete on "saved_view" to coffer_app;
alter table "saved_view" enable row level security;
alter table "saved_view" force row level security;
create policy "own" on "saved_view" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
