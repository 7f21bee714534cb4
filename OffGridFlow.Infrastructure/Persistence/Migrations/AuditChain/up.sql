-- The audit log takes new entries and, once, the seal of each; nothing else, from whomever. This binds the owner too: who wants to get
-- around it has to switch the triggers off, and then it is the chain that tells (docs/methods/audit-chain.md).
create function refuse_audit_change() returns trigger
language plpgsql set search_path = public, pg_temp
as $$
begin
  raise exception 'The audit log is append-only: % is refused. Entries are neither changed nor deleted; what was wrong is corrected by a further entry.', lower(tg_op)
    using errcode = 'insufficient_privilege';
end $$;

create function check_audit_seal() returns trigger
language plpgsql set search_path = public, pg_temp
as $$
declare
  unsealed audit_entries%rowtype := new;
begin
  if old.sequence is null and old.hash is null and old.sealed_at is null
    and new.sequence is not null and new.hash is not null and new.sealed_at is not null
  then
    -- All other columns, those too that are added one day, byte by byte as they were.
    unsealed.sequence := null;
    unsealed.hash := null;
    unsealed.sealed_at := null;
    if unsealed *= old then
      return new;
    end if;
  end if;
  raise exception 'The audit log is append-only: update is refused. Only the seal of an entry is added, once and whole.' using errcode = 'insufficient_privilege';
end $$;

create trigger audit_entries_seal before update on audit_entries for each row execute function check_audit_seal();
create trigger audit_entries_insert before insert on audit_entries for each row
  when (new.sequence is not null or new.hash is not null or new.sealed_at is not null) execute function refuse_audit_change();
create trigger audit_entries_delete before delete or truncate on audit_entries for each statement execute function refuse_audit_change();

-- For the sealer, which works before a tenant is known. By the index of what is not sealed, from each organization to the next.
create function unsealed_audit_tenants() returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  with recursive found (tenant_id) as (
    (select tenant_id from audit_entries where sequence is null order by tenant_id limit 1)
    union all
    select (select e.tenant_id from audit_entries e where e.sequence is null and e.tenant_id > found.tenant_id order by e.tenant_id limit 1)
    from found where found.tenant_id is not null)
  select tenant_id from found where tenant_id is not null
$$;

-- The newest sealed entry of each organization, for the signed heads.
create function audit_heads() returns table (tenant_id uuid, sequence bigint, hash bytea)
language sql stable security definer set search_path = public, pg_temp
as $$
  select t.id, e.sequence, e.hash from tenants t, lateral (
    select sequence, hash from audit_entries where tenant_id = t.id and sequence is not null order by sequence desc limit 1) as e
$$;

revoke execute on function refuse_audit_change(), check_audit_seal(), unsealed_audit_tenants(), audit_heads() from public;
grant execute on function unsealed_audit_tenants(), audit_heads() to offgridflow_app;
grant update (sequence, hash, sealed_at) on audit_entries to offgridflow_app;
