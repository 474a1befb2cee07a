-- Browsers that somebody has signed in with. `hash` is SHA-256 of the id in their cookie, or of what such a browser
-- calls itself where answers set no cookie.
create table "known_device" (
    "id"         text    primary key,
    "userId"     text    not null references "user" ("id") on delete cascade,
    "hash"       text    not null,
    "createdAt"  timestamptz not null,
    "lastSeenAt" timestamptz not null,
    constraint "known_device_once" unique ("userId", "hash")
);

create index "known_device_hash" on "known_device" ("hash");
create index "known_device_seen" on "known_device" ("lastSeenAt");

grant select, insert, update, delete on "known_device" to coffer_auth;

-- What was done, by whom, in the transaction of the deed. It outlives the person: `userId` refers to nothing.
create table "audit_event" (
    "id"          text    primary key,
    "at"          timestamptz not null,
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
);

create index "audit_event_user" on "audit_event" ("userId", "at" desc, "id" desc);
create index "audit_event_at" on "audit_event" ("at");

-- Nobody changes what happened, and only what is older than 400 days goes.
create function audit_event_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old."at" < now() - interval '400 days' then
            return old;
        end if;
    end if;
    raise exception 'audit_event is append only' using errcode = 'insufficient_privilege';
end
$$;

create trigger "audit_event_rows" before update or delete on "audit_event"
    for each row execute function audit_event_stays();
create trigger "audit_event_whole" before truncate on "audit_event"
    for each statement execute function audit_event_stays();

grant insert on "audit_event" to coffer_app;
grant select, insert, delete on "audit_event" to coffer_auth;
alter table "audit_event" enable row level security;
alter table "audit_event" force row level security;
create policy "trail" on "audit_event" to coffer_auth using (true) with check (true);
create policy "own" on "audit_event" for insert to coffer_app
    with check ("userId" = (select app_user_id()));
