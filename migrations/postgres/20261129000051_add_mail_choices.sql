-- Which mails a person wants besides those about budgets.
alter table "preference" add column "connectionMail" boolean not null default true;
alter table "preference" add column "depositMail" boolean not null default true;
