alter table api_keys enable row level security;
-- The sub-select makes PostgreSQL ask once per statement, not once per row.
create policy tenant on api_keys using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));

-- All columns but secret_hash: the hash is written once and compared inside find_api_key, and never leaves the database.
grant select (id, tenant_id, name, prefix, scopes, created_at, created_by_id, created_by, expires_at, last_used_at, last_used_from, refused_at,
  revoked_at, revoked_by_id, revoked_by) on api_keys to offgridflow_app;
grant insert on api_keys to offgridflow_app;
grant update (refused_at, revoked_at, revoked_by_id, revoked_by) on api_keys to offgridflow_app;

create type api_key_row as (
  id uuid, tenant_id uuid, tenant_name text, is_demo boolean, name text, prefix text, scopes text[], expires_at timestamptz, is_expired boolean,
  revoked_at timestamptz, last_used_at timestamptz, refused_at timestamptz);

-- A key is looked up before its tenant is known. One that has expired or was revoked is returned too: who holds the secret may know why
-- it is refused.
create function find_api_key(p_secret_hash bytea) returns setof api_key_row
language sql stable security definer set search_path = public, pg_temp
as $$
  select k.id, k.tenant_id, t.name, t.is_demo, k.name, k.prefix, k.scopes, k.expires_at, k.expires_at <= now(), k.revoked_at, k.last_used_at, k.refused_at
  from api_keys k join tenants t on t.id = k.tenant_id
  where k.secret_hash = p_secret_hash
$$;

-- The same by id, for a request that takes long enough for its key to be revoked meanwhile.
create function find_api_key_by_id(p_id uuid) returns setof api_key_row
language sql stable security definer set search_path = public, pg_temp
as $$
  select k.id, k.tenant_id, t.name, t.is_demo, k.name, k.prefix, k.scopes, k.expires_at, k.expires_at <= now(), k.revoked_at, k.last_used_at, k.refused_at
  from api_keys k join tenants t on t.id = k.tenant_id
  where k.id = p_id
$$;

-- At most one write a minute and key, however many requests and nodes say so.
create function note_api_key_use(p_id uuid, p_address text) returns void
language sql security definer set search_path = public, pg_temp
as $$
  update api_keys set last_used_at = now(), last_used_from = left(p_address, 100)
  where id = p_id and (last_used_at is null or last_used_at < now() - interval '1 minute')
$$;

-- Whose session the refresh token's family belongs to, living or not, so that its swap can be written in its tenant's own transaction.
create function find_session_of_refresh(p_family_hash bytea) returns table (session_id uuid, user_id uuid, tenant_id uuid, display_name text)
language sql stable security definer set search_path = public, pg_temp
as $$
  select s.id, s.user_id, s.tenant_id, u.display_name
  from sessions s join users u on u.id = s.user_id
  where s.refresh_family_hash = p_family_hash
$$;

-- Asked after rotate_session in the same transaction: whether that call ended the session because of a token that was swapped before.
-- now() is the transaction's own time, so a session that ended earlier does not count again.
create function ended_by_reuse(p_family_hash bytea, p_refresh_hash bytea) returns boolean
language sql stable security definer set search_path = public, pg_temp
as $$
  select exists (
    select from sessions where refresh_family_hash = p_family_hash and ended_at = now() and refresh_hash is distinct from p_refresh_hash)
$$;

revoke execute on function find_api_key(bytea), find_api_key_by_id(uuid), note_api_key_use(uuid, text), find_session_of_refresh(bytea),
  ended_by_reuse(bytea, bytea) from public;
grant execute on function find_api_key(bytea), find_api_key_by_id(uuid), note_api_key_use(uuid, text), find_session_of_refresh(bytea),
  ended_by_reuse(bytea, bytea) to offgridflow_app;
