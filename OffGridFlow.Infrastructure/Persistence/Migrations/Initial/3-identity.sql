-- Sign-in happens before a tenant is known. The application role reads none of these tables at large;
-- each look-up it needs is a function with a name, and returns one person's or one session's row.

-- 'empty': nobody can sign in; 'demo': only the people of the demo company can; 'done': somebody of a real organization can.
create function set_up_state() returns text
language sql stable security definer set search_path = public, pg_temp
as $$
  select case
    when exists (select from memberships m join tenants t on t.id = m.tenant_id where not t.is_demo) then 'done'
    when exists (select from users) then 'demo'
    else 'empty' end
$$;

create function find_user_by_email(p_normalized_email text) returns setof users
language sql stable security definer set search_path = public, pg_temp
as $$ select * from users where normalized_email = p_normalized_email $$;

create function find_user(p_id uuid) returns setof users
language sql stable security definer set search_path = public, pg_temp
as $$ select * from users where id = p_id $$;

create function memberships_of(p_user uuid) returns table (tenant_id uuid, role text, tenant_name text, is_demo boolean)
language sql stable security definer set search_path = public, pg_temp
as $$
  select m.tenant_id, m.role, t.name, t.is_demo
  from memberships m join tenants t on t.id = m.tenant_id
  where m.user_id = p_user order by t.created_at, t.id
$$;

create function save_user(
  p_id uuid, p_email text, p_normalized_email text, p_display_name text, p_password_hash text, p_security_stamp text,
  p_access_failed_count integer, p_lockout_end timestamptz) returns void
language sql security definer set search_path = public, pg_temp
as $$
  update users set email = p_email, normalized_email = p_normalized_email, display_name = p_display_name, password_hash = p_password_hash,
    security_stamp = p_security_stamp, access_failed_count = p_access_failed_count, lockout_end = p_lockout_end
  where id = p_id
$$;

-- Wrong passwords are counted in one statement: two tries at the same moment count as two. While the account is locked none counts:
-- tries that were under way when it closed would else shorten the next five. Returns the end of the lockout in force.
create function count_failed_sign_in(p_user uuid, p_limit integer, p_lockout interval) returns timestamptz
language sql security definer set search_path = public, pg_temp
as $$
  update users set
    access_failed_count = case when lockout_end > now() then access_failed_count when access_failed_count + 1 >= p_limit then 0 else access_failed_count + 1 end,
    lockout_end = case when lockout_end > now() then lockout_end when access_failed_count + 1 >= p_limit then now() + p_lockout end
  where id = p_user
  returning lockout_end
$$;

-- After a right password. False while the account is locked: of many guesses at one moment, those that are checked after the fifth
-- wrong one must not get in, not even the right one.
create function clear_failed_sign_ins(p_user uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  update users set access_failed_count = 0, lockout_end = null
  where id = p_user and (access_failed_count <> 0 or lockout_end is not null) and (lockout_end is null or lockout_end <= now());
  return exists (select from users where id = p_user and (lockout_end is null or lockout_end <= now()));
end $$;

-- A tenant with its administrator. Only the owner may call this; the two doors to it check first.
create function create_tenant(
  p_tenant uuid, p_tenant_name text, p_is_demo boolean, p_user uuid, p_email text, p_normalized_email text, p_display_name text,
  p_password_hash text, p_security_stamp text) returns void
language sql security definer set search_path = public, pg_temp
as $$
  insert into tenants (id, name, is_demo, created_at) values (p_tenant, p_tenant_name, p_is_demo, now());
  insert into ledger_sequences (tenant_id, value) values (p_tenant, 0);
  insert into users (id, email, normalized_email, display_name, password_hash, security_stamp, access_failed_count, created_at)
    values (p_user, p_email, p_normalized_email, p_display_name, p_password_hash, p_security_stamp, 0, now());
  insert into memberships (tenant_id, user_id, role) values (p_tenant, p_user, 'Admin');
  insert into audit_entries (id, tenant_id, at, actor_id, actor_name, action, subject, details)
    values (gen_random_uuid(), p_tenant, now(), p_user, p_display_name, 'tenant.created', 'tenant/' || p_tenant,
      jsonb_build_object('name', p_tenant_name, 'administrator', p_email));
$$;

create function create_first_administrator(
  p_tenant uuid, p_tenant_name text, p_user uuid, p_email text, p_normalized_email text, p_display_name text,
  p_password_hash text, p_security_stamp text) returns boolean
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('offgridflow.first_administrator', 0));
  if set_up_state() = 'done' then
    return false;
  end if;
  perform create_tenant(p_tenant, p_tenant_name, false, p_user, p_email, p_normalized_email, p_display_name, p_password_hash, p_security_stamp);
  return true;
end $$;

create function create_session(
  p_id uuid, p_user uuid, p_tenant uuid, p_kind text, p_key_hash bytea, p_lifetime interval,
  p_family_hash bytea, p_refresh_hash bytea, p_refresh_lifetime interval) returns void
language sql security definer set search_path = public, pg_temp
as $$
  insert into sessions (id, user_id, tenant_id, kind, key_hash, created_at, expires_at, refresh_family_hash, refresh_hash, refresh_expires_at)
  values (p_id, p_user, p_tenant, p_kind, p_key_hash, now(), now() + p_lifetime, p_family_hash, p_refresh_hash, now() + p_refresh_lifetime)
$$;

create type session_row as (
  session_id uuid, user_id uuid, tenant_id uuid, role text, email text, display_name text, tenant_name text, is_demo boolean,
  expires_at timestamptz);

-- Role and names are read with the session at every request: a change of role is in force at once, a removed member has no session.
create function find_session(p_key_hash bytea, p_kind text) returns setof session_row
language sql stable security definer set search_path = public, pg_temp
as $$
  select s.id, s.user_id, s.tenant_id, m.role, u.email, u.display_name, t.name, t.is_demo, s.expires_at
  from sessions s
  join users u on u.id = s.user_id
  join tenants t on t.id = s.tenant_id
  join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
  where s.key_hash = p_key_hash and s.kind = p_kind and s.ended_at is null and s.expires_at > now()
$$;

-- The same by id, for a circuit that checks whether it may go on.
create function find_session_by_id(p_id uuid) returns setof session_row
language sql stable security definer set search_path = public, pg_temp
as $$
  select s.id, s.user_id, s.tenant_id, m.role, u.email, u.display_name, t.name, t.is_demo, s.expires_at
  from sessions s
  join users u on u.id = s.user_id
  join tenants t on t.id = s.tenant_id
  join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
  where s.id = p_id and s.ended_at is null and s.expires_at > now()
$$;

create function extend_session(p_id uuid, p_lifetime interval) returns void
language sql security definer set search_path = public, pg_temp
as $$ update sessions set expires_at = now() + p_lifetime where id = p_id and ended_at is null and expires_at > now() $$;

create function end_session(p_id uuid) returns void
language sql security definer set search_path = public, pg_temp
as $$ update sessions set ended_at = now() where id = p_id and ended_at is null $$;

-- Swaps both tokens of a session. A token of the family that is not its present one, however old, ends the session: somebody has a copy.
create function rotate_session(
  p_family_hash bytea, p_refresh_hash bytea, p_new_key_hash bytea, p_new_refresh_hash bytea, p_lifetime interval, p_refresh_lifetime interval) returns uuid
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  found_id uuid;
begin
  update sessions set key_hash = p_new_key_hash, refresh_hash = p_new_refresh_hash,
    expires_at = now() + p_lifetime, refresh_expires_at = now() + p_refresh_lifetime
  where refresh_family_hash = p_family_hash and refresh_hash = p_refresh_hash and kind = 'Bearer' and ended_at is null and refresh_expires_at > now()
  returning id into found_id;
  if found_id is null then
    update sessions set ended_at = now() where refresh_family_hash = p_family_hash and ended_at is null;
  end if;
  return found_id;
end $$;
