-- Rules that sort rows, asked in their order.
create table "rule" (
    "id"        text    primary key not null,
    "userId"    text    not null references "user" ("id") on delete cascade,
    "position"  integer not null,
    "name"      text    not null,
    -- Conditions and actions, as JSON.
    "body"      text    not null,
    "enabled"   integer not null default 1,
    "createdAt" integer not null,
    "updatedAt" integer not null,
    constraint "rule_owner" unique ("userId", "id")
) strict;

create index "rule_order" on "rule" ("userId", "position");
