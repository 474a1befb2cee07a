-- Browsers that somebody has signed in with. `hash` is SHA-256 of the id in their cookie, or of what such a browser
-- calls itself where answers set no cookie.
create table "known_device" (
    "id"         text    primary key not null,
    "userId"     text    not null references "user" ("id") on delete cascade,
    "hash"       text    not null,
    "createdAt"  integer not null,
    "lastSeenAt" integer not null,
    constraint "known_device_once" unique ("userId", "hash")
) strict;

create index "known_device_hash" on "known_device" ("hash");
create index "known_device_seen" on "known_device" ("lastSeenAt");

-- What was done, by whom, in the transaction of the deed. It outlives the person: `userId` refers to nothing.
create table "audit_event" (
    "id"          text    primary key not null,
    "at"          integer not null,
    -- Whose trail it is; null where nobody is known.
    "userId"      text,
    "actor"       text    not null,
    "sessionId"   text,
    "action"      text    not null,
    "subjectKind" text,
    "subjectId"   text,
    "outcome"     text    not null,
    "requestId"   text,
    "ipPrefix"    text,
    "device"      text,
    "data"        text    not null default '{}',
    constraint "audit_event_actor" check ("actor" in ('user', 'nobody', 'system')),
    constraint "audit_event_outcome" check ("outcome" in ('done', 'refused'))
) strict;

create index "audit_event_user" on "audit_event" ("userId", "at" desc, "id" desc);
create index "audit_event_at" on "audit_event" ("at");

-- Nobody changes what happened, and only what is older than 400 days goes.
create trigger "audit_event_update" before update on "audit_event"
begin
    select raise(abort, 'audit_event is append only');
end;

create trigger "audit_event_delete" before delete on "audit_event"
    when old."at" >= (unixepoch() - 400 * 86400) * 1000
begin
    select raise(abort, 'audit_event is append only');
end;
