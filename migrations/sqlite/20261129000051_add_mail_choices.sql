-- Which mails a person wants besides those about budgets.
alter table "preference" add column "connectionMail" integer not null default 1 check ("connectionMail" in (0, 1));
alter table "preference" add column "depositMail" integer not null default 1 check ("depositMail" in (0, 1));
