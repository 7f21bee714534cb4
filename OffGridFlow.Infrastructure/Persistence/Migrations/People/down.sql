drop function end_other_sessions(uuid, uuid), sessions_of(uuid), change_password(uuid, text, text), rename_user(uuid, text),
  use_password_reset(bytea, text, text), find_password_reset(bytea), belongs_elsewhere(uuid), accept_invitation(bytea, uuid, text, text, text),
  find_invitation(bytea), change_membership(uuid, uuid, integer, text, text),
  create_session(uuid, uuid, uuid, text, bytea, interval, bytea, bytea, interval, text);

-- Who was shut out by a state has no place in a schema that knows none.
delete from memberships where state <> 'Active';

drop function find_session_by_id(uuid), find_session(bytea, text), find_sessions_by_ids(uuid[]);
alter type session_row drop attribute has_other_tenants;

create or replace function memberships_of(p_user uuid) returns table (tenant_id uuid, role text, tenant_name text, is_demo boolean)
language sql stable security definer set search_path = public, pg_temp
as $$
  select m.tenant_id, m.role, t.name, t.is_demo
  from memberships m join tenants t on t.id = m.tenant_id
  where m.user_id = p_user order by t.created_at, t.id
$$;

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

create function create_session(
  p_id uuid, p_user uuid, p_tenant uuid, p_kind text, p_key_hash bytea, p_lifetime interval,
  p_family_hash bytea, p_refresh_hash bytea, p_refresh_lifetime interval) returns void
language sql security definer set search_path = public, pg_temp
as $$
  insert into sessions (id, user_id, tenant_id, kind, key_hash, created_at, expires_at, refresh_family_hash, refresh_hash, refresh_expires_at)
  values (p_id, p_user, p_tenant, p_kind, p_key_hash, now(), now() + p_lifetime, p_family_hash, p_refresh_hash, now() + p_refresh_lifetime)
$$;

revoke execute on function find_session(bytea, text), find_session_by_id(uuid),
  create_session(uuid, uuid, uuid, text, bytea, interval, bytea, bytea, interval) from public;
grant execute on function find_session(bytea, text), find_session_by_id(uuid),
  create_session(uuid, uuid, uuid, text, bytea, interval, bytea, bytea, interval) to offgridflow_app;

create or replace function extend_session(p_id uuid, p_lifetime interval) returns void
language sql security definer set search_path = public, pg_temp
as $$ update sessions set expires_at = now() + p_lifetime where id = p_id and ended_at is null and expires_at > now() $$;

create or replace function rotate_session(
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
