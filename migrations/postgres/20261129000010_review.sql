-- What waits for a look at /review.

-- What a decision changed on the two rows, as JSON: it can be taken back.
alter table "duplicate_pair" add column "change" text;
-- The day of the last change of price that its owner has seen.
alter table "recurring_series" add column "seenOn" date;

-- Rows without a category, as the list has them.
create index "transaction_unsorted" on "transaction" ("userId", "date" desc, "id" desc)
    where "deletedAt" is null and "category" = 'uncategorized' and "status" <> 'failed' and "type" <> 'transfer'
      and not "hasParts" and not "excluded";
-- What somebody sorted by hand, by shop: few rows, and what is suggested is read from the index alone.
create index "transaction_by_hand" on "transaction" ("userId", "merchantKey", "category")
    where "deletedAt" is null and "categoryBy" = 'user';
-- The other side of a movement is found by its amount.
create index "transaction_single" on "transaction" ("userId", "currency", "amountMinor", "date")
    where "deletedAt" is null and "transferId" is null;
-- The sides of transfers, to see which of them are one no more.
create index "transaction_transfer" on "transaction" ("userId", "transferId") where "transferId" is not null;
