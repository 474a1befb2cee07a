-- A change of one row is a batch of one. A check cannot be changed here, so the table is made anew; its rows wait aside,
-- because they would go with the old one.
create table "transaction_batch_row_kept" as select * from "transaction_batch_row";
drop table "transaction_batch_row";

create table "transaction_batch_next" (
    "id"        text    primary key not null,
    "userId"    text    not null references "user" ("id") on delete cascade,
    "deed"      text    not null,
    -- The key of the category, the tag or the name of the rule.
    "value"     text,
    -- Rows that it changed, and those that were meant and stay as they are.
    "changed"   integer not null default 0,
    "skipped"   integer not null default 0,
    -- Rows that are again what they were, once it is undone.
    "restored"  integer not null default 0,
    "createdAt" integer not null,
    "undoneAt"  integer,
    constraint "transaction_batch_deed" check (
        "deed" in ('category', 'addTag', 'removeTag', 'exclude', 'include', 'delete', 'rule', 'edit', 'split')),
    constraint "transaction_batch_owner" unique ("userId", "id")
) strict;

insert into "transaction_batch_next" ("id", "userId", "deed", "value", "changed", "skipped", "restored", "createdAt", "undoneAt")
select "id", "userId", "deed", "value", "changed", "skipped", "restored", "createdAt", "undoneAt"
from "transaction_batch";
drop table "transaction_batch";
alter table "transaction_batch_next" rename to "transaction_batch";

create index "transaction_batch_created" on "transaction_batch" ("createdAt");

create table "transaction_batch_row" (
    "userId"        text not null,
    "batchId"       text not null,
    "transactionId" text not null,
    -- The fields that were changed, with who had set them and who has now, as JSON.
    "before"        text not null,
    "after"         text not null,
    primary key ("userId", "batchId", "transactionId"),
    constraint "transaction_batch_row_batch" foreign key ("userId", "batchId")
        references "transaction_batch" ("userId", "id") on delete cascade,
    constraint "transaction_batch_row_row" foreign key ("userId", "transactionId")
        references "transaction" ("userId", "id") on delete cascade
) strict;

insert into "transaction_batch_row" ("userId", "batchId", "transactionId", "before", "after")
select "userId", "batchId", "transactionId", "before", "after"
from "transaction_batch_row_kept";
drop table "transaction_batch_row_kept";

create index "transaction_batch_row_by_row" on "transaction_batch_row" ("userId", "transactionId");
