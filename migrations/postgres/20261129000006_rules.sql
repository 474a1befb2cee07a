-- Rules that sort rows, asked in their order.
create table "rule" (
    "id"        text    primary key,
    "userId"    text    not null references "user" ("id") on delete cascade,
    "position"  bigint  not null,
    "name"      text    not null,
    -- Conditions and actions, as JSON.
    "body"      jsonb   not null,
    "enabled"   boolean not null default true,
    "createdAt" timestamptz not null,
    "updatedAt" timestamptz not null,
    constraint "rule_owner" unique ("userId", "id")
);

create index "rule_order" on "rule" ("userId", "position");

grant select, insert, update, delete on "rule" to coffer_app;
alter table "rule" enable row level security;
alter table "rule" force row level security;
create policy "own" on "rule" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));
