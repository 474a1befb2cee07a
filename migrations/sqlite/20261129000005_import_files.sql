-- Files of banks beside tables: what kind it was, and the rows that it took out of the ledger (ids, as JSON), which come
-- back when it is undone.
alter table "import" add column "format" text not null default 'csv'
    check ("format" in ('csv', 'ofx1', 'ofx2', 'qfx', 'qif', 'camt053'));
alter table "import" add column "removed" text not null default '[]';
