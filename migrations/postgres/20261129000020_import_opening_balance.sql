-- The opening balance that a file gave its account, and the one that the account had before: undo puts that back.
alter table "import" add column "openingMinor" bigint;
alter table "import" add column "openingBeforeMinor" bigint;
