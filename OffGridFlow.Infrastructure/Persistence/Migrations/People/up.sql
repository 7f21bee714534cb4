-- Of those who are members already it is known when they became one at the earliest, and when they last signed in.
update memberships m set
  created_at = greatest(u.created_at, t.created_at),
  last_seen_at = (select max(s.created_at) from sessions s where s.user_id = m.user_id and s.tenant_id = m.tenant_id)
from users u, tenants t where u.id = m.user_id and t.id = m.tenant_id;

do $$
declare
  owned text;
begin
  foreach owned in array array['invitations', 'password_resets']
  loop
    execute format('alter table %I enable row level security', owned);
    -- The sub-select makes PostgreSQL ask once per statement, not once per row.
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

-- What becomes of a link is written by the functions below; here it can be made and withdrawn.
grant select, insert, update (revoked_at) on invitations, password_resets to offgridflow_app;

-- Only active members come in, where they were last first. The policy of users asks for no state: names of the removed stay readable.
create or replace function memberships_of(p_user uuid) returns table (tenant_id uuid, role text, tenant_name text, is_demo boolean)
language sql stable security definer set search_path = public, pg_temp
as $$
  select m.tenant_id, m.role, t.name, t.is_demo
  from memberships m join tenants t on t.id = m.tenant_id
  where m.user_id = p_user and m.state = 'Active' order by m.last_seen_at desc nulls last, t.created_at, t.id
$$;

alter type session_row add attribute has_other_tenants boolean;

create or replace function find_session(p_key_hash bytea, p_kind text) returns setof session_row
language sql stable security definer set search_path = public, pg_temp
as $$
  select s.id, s.user_id, s.tenant_id, m.role, u.email, u.display_name, t.name, t.is_demo, s.expires_at,
    exists (select from memberships o where o.user_id = s.user_id and o.tenant_id <> s.tenant_id and o.state = 'Active')
  from sessions s
  join users u on u.id = s.user_id
  join tenants t on t.id = s.tenant_id
  join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id and m.state = 'Active'
  where s.key_hash = p_key_hash and s.kind = p_kind and s.ended_at is null and s.expires_at > now()
$$;

-- The living ones among many: one question of a process for all pages that are open in it.
create function find_sessions_by_ids(p_ids uuid[]) returns setof session_row
language sql stable security definer set search_path = public, pg_temp
as $$
  select s.id, s.user_id, s.tenant_id, m.role, u.email, u.display_name, t.name, t.is_demo, s.expires_at,
    exists (select from memberships o where o.user_id = s.user_id and o.tenant_id <> s.tenant_id and o.state = 'Active')
  from sessions s
  join users u on u.id = s.user_id
  join tenants t on t.id = s.tenant_id
  join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id and m.state = 'Active'
  where s.id = any(p_ids) and s.ended_at is null and s.expires_at > now()
$$;

create or replace function find_session_by_id(p_id uuid) returns setof session_row
language sql stable security definer set search_path = public, pg_temp
as $$ select * from find_sessions_by_ids(array[p_id]) $$;

drop function create_session(uuid, uuid, uuid, text, bytea, interval, bytea, bytea, interval);

-- False, and no session, for whom is no active member. The membership's row is locked first: a removal at the same moment either came
-- before, or waits and then ends this session too.
create function create_session(
  p_id uuid, p_user uuid, p_tenant uuid, p_kind text, p_key_hash bytea, p_lifetime interval,
  p_family_hash bytea, p_refresh_hash bytea, p_refresh_lifetime interval, p_address text) returns boolean
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  update memberships set last_seen_at = now() where tenant_id = p_tenant and user_id = p_user and state = 'Active';
  if not found then
    return false;
  end if;
  insert into sessions (id, user_id, tenant_id, kind, key_hash, created_at, expires_at, refresh_family_hash, refresh_hash, refresh_expires_at, address)
  values (p_id, p_user, p_tenant, p_kind, p_key_hash, now(), now() + p_lifetime, p_family_hash, p_refresh_hash, now() + p_refresh_lifetime, p_address);
  return true;
end $$;

-- The membership before the session, as everywhere: nobody waits for somebody who waits for them.
create or replace function extend_session(p_id uuid, p_lifetime interval) returns void
language sql security definer set search_path = public, pg_temp
as $$
  update memberships m set last_seen_at = now()
  from sessions s where s.id = p_id and s.ended_at is null and s.expires_at > now() and m.tenant_id = s.tenant_id and m.user_id = s.user_id;
  update sessions set expires_at = now() + p_lifetime where id = p_id and ended_at is null and expires_at > now()
$$;

create or replace function rotate_session(
  p_family_hash bytea, p_refresh_hash bytea, p_new_key_hash bytea, p_new_refresh_hash bytea, p_lifetime interval, p_refresh_lifetime interval) returns uuid
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  found_id uuid;
begin
  update memberships m set last_seen_at = now()
  from sessions s
  where s.refresh_family_hash = p_family_hash and s.refresh_hash = p_refresh_hash and s.kind = 'Bearer' and s.ended_at is null and s.refresh_expires_at > now()
    and m.tenant_id = s.tenant_id and m.user_id = s.user_id;
  update sessions set key_hash = p_new_key_hash, refresh_hash = p_new_refresh_hash,
    expires_at = now() + p_lifetime, refresh_expires_at = now() + p_refresh_lifetime
  where refresh_family_hash = p_family_hash and refresh_hash = p_refresh_hash and kind = 'Bearer' and ended_at is null and refresh_expires_at > now()
  returning id into found_id;
  if found_id is null then
    update sessions set ended_at = now() where refresh_family_hash = p_family_hash and ended_at is null;
  end if;
  return found_id;
end $$;

-- Role and state of a member of the present organization. The organization's row is locked first: two administrators who demote each
-- other at the same moment come one after the other, and the second is refused. Whoever is shut out loses sessions and links at once.
-- p_actor: the person who asks, null for a key.
create function change_membership(p_actor uuid, p_user uuid, p_version integer, p_role text, p_state text)
  returns table (outcome text, former_role text, former_state text)
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  member memberships;
begin
  -- Not against those who only refer to the row: an import under way must not be waited for.
  perform from tenants t where t.id = current_tenant() for no key update;
  select m.* into member from memberships m where m.tenant_id = current_tenant() and m.user_id = p_user for no key update;
  if not found or member.state = 'Removed' then
    return query select 'Gone', null::text, null::text;
  elsif p_actor is not null and not exists (
    select from memberships m where m.tenant_id = current_tenant() and m.user_id = p_actor and m.role = 'Admin' and m.state = 'Active') then
    return query select 'Forbidden', null::text, null::text;
  elsif member.version <> p_version then
    return query select 'Stale', member.role::text, member.state::text;
  elsif member.role = 'Admin' and member.state = 'Active' and (p_role <> 'Admin' or p_state <> 'Active') and not exists (
    select from memberships m where m.tenant_id = current_tenant() and m.user_id <> p_user and m.role = 'Admin' and m.state = 'Active') then
    return query select 'LastAdministrator', member.role::text, member.state::text;
  else
    update memberships m set role = p_role, state = p_state, version = m.version + 1 where m.tenant_id = current_tenant() and m.user_id = p_user;
    if p_state <> 'Active' then
      update sessions s set ended_at = now() where s.tenant_id = current_tenant() and s.user_id = p_user and s.ended_at is null;
      update password_resets r set revoked_at = now()
        where r.tenant_id = current_tenant() and r.user_id = p_user and r.used_at is null and r.revoked_at is null;
    end if;
    return query select 'Changed', member.role::text, member.state::text;
  end if;
end $$;

-- What a link leads to, told to whoever has its secret. account: the person who has that e-mail address already.
create function find_invitation(p_token_hash bytea)
  returns table (tenant_id uuid, tenant_name text, email text, role text, invited_by text, state text, account uuid)
language sql stable security definer set search_path = public, pg_temp
as $$
  select i.tenant_id, t.name, i.email, i.role, i.created_by,
    case when i.accepted_at is not null or i.revoked_at is not null then 'Gone' when i.expires_at <= now() then 'Expired' else 'Open' end,
    (select u.id from users u where u.normalized_email = i.normalized_email)
  from invitations i join tenants t on t.id = i.tenant_id
  where i.token_hash = p_token_hash
$$;

-- Makes the invited person a member, once: of two at the same moment the second waits for the row and finds it used. The person is new
-- with a password's hash, and has an account of the invitation's address without. Only for the organization that the transaction names.
create function accept_invitation(p_token_hash bytea, p_user uuid, p_display_name text, p_password_hash text, p_security_stamp text) returns text
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  invitation invitations;
begin
  select i.* into invitation from invitations i where i.token_hash = p_token_hash and i.tenant_id = current_tenant() for update;
  if not found or invitation.accepted_at is not null or invitation.revoked_at is not null or invitation.expires_at <= now() then
    return 'Gone';
  end if;
  if p_password_hash is not null then
    insert into users (id, email, normalized_email, display_name, password_hash, security_stamp, access_failed_count, created_at)
      values (p_user, invitation.email, invitation.normalized_email, p_display_name, p_password_hash, p_security_stamp, 0, now())
      on conflict (normalized_email) do nothing;
    if not found then
      return 'HasAccount';
    end if;
  elsif not exists (select from users u where u.id = p_user and u.normalized_email = invitation.normalized_email) then
    return 'Gone';
  end if;
  insert into memberships as m (tenant_id, user_id, role) values (invitation.tenant_id, p_user, invitation.role)
    on conflict (tenant_id, user_id) do update set role = excluded.role, state = 'Active', created_at = now(), version = m.version + 1
    where m.state = 'Removed';
  if not found then
    return 'Gone';
  end if;
  update invitations i set accepted_at = now(), accepted_by_id = p_user where i.id = invitation.id;
  return 'Accepted';
end $$;

-- Whether a person could come into another organization than the present one.
create function belongs_elsewhere(p_user uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp
as $$ select exists (select from memberships m where m.user_id = p_user and m.tenant_id <> current_tenant() and m.state <> 'Removed') $$;

create function find_password_reset(p_token_hash bytea)
  returns table (tenant_id uuid, tenant_name text, user_id uuid, email text, display_name text, role text, state text)
language sql stable security definer set search_path = public, pg_temp
as $$
  select r.tenant_id, t.name, r.user_id, u.email, u.display_name, m.role,
    case when r.used_at is not null or r.revoked_at is not null or m.state <> 'Active' then 'Gone' when r.expires_at <= now() then 'Expired' else 'Open' end
  from password_resets r
  join tenants t on t.id = r.tenant_id
  join users u on u.id = r.user_id
  join memberships m on m.tenant_id = r.tenant_id and m.user_id = r.user_id
  where r.token_hash = p_token_hash
$$;

-- Sets the password by a link, once, and ends every session of the person. Somebody who has joined another organization meanwhile is left
-- as they are: the administrator who made the link must not get in there.
create function use_password_reset(p_token_hash bytea, p_password_hash text, p_security_stamp text) returns text
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  reset password_resets;
begin
  select r.* into reset from password_resets r where r.token_hash = p_token_hash and r.tenant_id = current_tenant() for update;
  if not found or reset.used_at is not null or reset.revoked_at is not null or reset.expires_at <= now()
    or belongs_elsewhere(reset.user_id)
    or not exists (select from memberships m where m.tenant_id = reset.tenant_id and m.user_id = reset.user_id and m.state = 'Active') then
    return 'Gone';
  end if;
  update password_resets r set used_at = now() where r.id = reset.id;
  update users u set password_hash = p_password_hash, security_stamp = p_security_stamp, access_failed_count = 0, lockout_end = null
    where u.id = reset.user_id;
  update sessions s set ended_at = now() where s.user_id = reset.user_id and s.ended_at is null;
  return 'Done';
end $$;

-- What a person does with their own account. The program passes the signed-in person and nobody else.
create function rename_user(p_user uuid, p_display_name text) returns void
language sql security definer set search_path = public, pg_temp
as $$ update users set display_name = p_display_name where id = p_user $$;

create function change_password(p_user uuid, p_password_hash text, p_security_stamp text) returns void
language sql security definer set search_path = public, pg_temp
as $$ update users set password_hash = p_password_hash, security_stamp = p_security_stamp where id = p_user $$;

create function sessions_of(p_user uuid)
  returns table (id uuid, kind text, tenant_name text, created_at timestamptz, expires_at timestamptz, address text)
language sql stable security definer set search_path = public, pg_temp
as $$
  select s.id, s.kind, t.name, s.created_at, coalesce(s.refresh_expires_at, s.expires_at), s.address
  from sessions s join tenants t on t.id = s.tenant_id
  where s.user_id = p_user and s.ended_at is null and greatest(s.expires_at, s.refresh_expires_at) > now()
  order by s.created_at desc, s.id
$$;

create function end_other_sessions(p_user uuid, p_kept uuid) returns integer
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  ended integer;
begin
  update sessions set ended_at = now() where user_id = p_user and id is distinct from p_kept and ended_at is null;
  get diagnostics ended = row_count;
  return ended;
end $$;

revoke execute on function
  find_sessions_by_ids(uuid[]), create_session(uuid, uuid, uuid, text, bytea, interval, bytea, bytea, interval, text),
  change_membership(uuid, uuid, integer, text, text), find_invitation(bytea), accept_invitation(bytea, uuid, text, text, text), belongs_elsewhere(uuid),
  find_password_reset(bytea), use_password_reset(bytea, text, text), rename_user(uuid, text), change_password(uuid, text, text), sessions_of(uuid),
  end_other_sessions(uuid, uuid) from public;
grant execute on function
  find_sessions_by_ids(uuid[]), create_session(uuid, uuid, uuid, text, bytea, interval, bytea, bytea, interval, text),
  change_membership(uuid, uuid, integer, text, text), find_invitation(bytea), accept_invitation(bytea, uuid, text, text, text), belongs_elsewhere(uuid),
  find_password_reset(bytea), use_password_reset(bytea, text, text), rename_user(uuid, text), change_password(uuid, text, text), sessions_of(uuid),
  end_other_sessions(uuid, uuid) to offgridflow_app;
