-- Whose proof a row is: it goes with the person, and older ones are voided by it. Null in rows that Better Auth wrote.
alter table "verification" add column "userId" text references "user" ("id") on delete cascade;

create index "verification_user" on "verification" ("userId");
