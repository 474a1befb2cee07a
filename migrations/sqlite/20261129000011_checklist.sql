-- The first steps count the rows that their owner sorted: from these alone, however many others there are.
create index "transaction_sorted" on "transaction" ("userId") where "categoryBy" = 'user' and "deletedAt" is null;
