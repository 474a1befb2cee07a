-- A change of many rows at once, and what each of them was before: it can be undone for a while.
create table "transaction_batch" (
    "id"        text    primary key,
    "userId"    text    not null references "user" ("id") on delete cascade,
    "deed"      text    not null,
    -- The key of the category, the tag or the name of the rule.
    "value"     text,
    -- Rows that it changed, and those that were meant and stay as they are.
    "changed"   bigint  not null default 0,
    "skipped"   bigint  not null default 0,
    -- Rows that are again what they were, once it is undone.
    "restored"  bigint  not null default 0,
    "createdAt" timestamptz not null,
    "undoneAt"  timestamptz,
    constraint "transaction_batch_deed" check (
        "deed" in ('category', 'addTag', 'removeTag', 'exclude', 'include', 'delete', 'rule')),
    constraint "transaction_batch_owner" unique ("userId", "id")
);

create index "transaction_batch_created" on "transaction_batch" ("createdAt");

-- A row that its owner changes afterwards is forgotten here: what they said last stays.
create table "transaction_batch_row" (
    "userId"        text not null,
    "batchId"       text not null,
    "transactionId" text not null,
    -- The fields that were changed, with who had set them and who has now, as JSON.
    "before"        jsonb not null,
    "after"         jsonb not null,
    primary key ("userId", "batchId", "transactionId"),
    constraint "transaction_batch_row_batch" foreign key ("userId", "batchId")
        references "transaction_batch" ("userId", "id") on delete cascade,
    constraint "transaction_batch_row_row" foreign key ("userId", "transactionId")
        references "transaction" ("userId", "id") on delete cascade
);

create index "transaction_batch_row_by_row" on "transaction_batch_row" ("userId", "transactionId");

grant select, insert, update, delete on "transaction_batch" to coffer_app;
alter table "transaction_batch" enable row level security;
alter table "transaction_batch" force row level security;
create policy "own" on "transaction_batch" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

grant select, insert, update, delete on "transaction_batch_row" to coffer_app;
alter table "transaction_batch_row" enable row level security;
alter table "transaction_batch_row" force row level security;
create policy "own" on "transaction_batch_row" to coffer_app
    using ("userId" = (select app_user_id())) with check ("userId" = (select app_user_id()));

-- Housekeeping without a user: batches that can't be undone any more.
grant select ("createdAt"), delete on "transaction_batch" to coffer_auth;
create policy "sweep" on "transaction_batch" for all to coffer_auth using (true);
