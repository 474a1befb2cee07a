-- The opening balance that a file gave its account, and the one that the account had before: undo puts that back.
alter table "import" add column "openingMinor" integer;
alter table "import" add column "openingBeforeMinor" integer;
