-- What an inventory was when it was locked, as text of which anybody can compute the hash (docs/methods/inventory-snapshot.md). Never changed, never deleted.
create table inventory_snapshots (
  id uuid primary key,
  tenant_id uuid not null,
  period_id uuid not null references reporting_periods,
  number integer not null check (number > 0),
  approach text not null,
  ledger_number bigint not null,
  content text not null,
  sha256 text not null,
  reason text not null,
  asked_by_id uuid,
  asked_by text not null,
  asked_at timestamptz not null,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  unique (period_id, number)
);
create index ix_inventory_snapshots_tenant on inventory_snapshots (tenant_id);

-- Who asked for a lock or a reopening, who agreed, and why: the last step says where a period stands.
create table inventory_lock_steps (
  period_id uuid not null references reporting_periods,
  number integer not null check (number > 0),
  tenant_id uuid not null,
  action text not null,
  reason text not null,
  -- Why it may be locked although the collection plan misses data.
  missing_reason text,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  primary key (period_id, number)
);
create index ix_inventory_lock_steps_tenant on inventory_lock_steps (tenant_id);

-- Entries in reach of a run that it left as they stand, because their months are locked, and their results.
alter table calculation_runs add column frozen_entries bigint not null default 0, add column frozen_results bigint not null default 0;

do $$
declare
  owned text;
begin
  foreach owned in array array['inventory_snapshots', 'inventory_lock_steps'] loop
    execute format('alter table %I enable row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

-- The last wall: whatever code there is, no result of a locked month begins or ends. Whoever moves results holds the ledger's number, as whoever locks does,
-- so that the state that is read here is the one that holds.
create function refuse_locked_results() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  held text;
begin
  if not exists (select from reporting_periods p where p.state in ('Locked', 'Filed') and p.tenant_id in (select m.tenant_id from moved m limit 1)) then
    return null;
  end if;
  select p.name into held from reporting_periods p
  where p.state in ('Locked', 'Filed') and exists (
    select from moved m join emission_records e on e.id = m.emission_id
    where m.tenant_id = p.tenant_id and e.month between date_trunc('month', p.first_day)::date and p.last_day)
  order by p.first_day limit 1;
  if held is not null then
    raise exception '% is locked: no result of its months changes. Reopen it with a reason, or enter the correction in an open period.', held using errcode = 'OG001';
  end if;
  return null;
end $$;
create trigger locked_insert after insert on emission_intervals referencing new table as moved for each statement execute function refuse_locked_results();
create trigger locked_update after update on emission_intervals referencing new table as moved for each statement execute function refuse_locked_results();

-- The same for entries. The periods that the entries touch are held until the transaction ends: whoever locks waits for it, and it for whoever locks.
create function refuse_locked_entries() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  held record;
begin
  if tg_op <> 'INSERT' then
    for held in
      select p.name, p.state from reporting_periods p
      where exists (
        select from former f where f.tenant_id = p.tenant_id and f.period_end >= date_trunc('month', p.first_day)::date
          and f.period_start < (date_trunc('month', p.last_day) + interval '1 month')::date)
      order by p.first_day, p.id for share of p
    loop
      if held.state in ('Locked', 'Filed') then
        raise exception '% is locked: no entry of its months changes. Reopen it with a reason, or enter the correction in an open period.', held.name using errcode = 'OG001';
      end if;
    end loop;
  end if;
  if tg_op <> 'DELETE' then
    for held in
      select p.name, p.state from reporting_periods p
      where exists (
        select from fresh f where f.tenant_id = p.tenant_id and f.period_end >= date_trunc('month', p.first_day)::date
          and f.period_start < (date_trunc('month', p.last_day) + interval '1 month')::date)
      order by p.first_day, p.id for share of p
    loop
      if held.state in ('Locked', 'Filed') then
        raise exception '% is locked: no entry of its months changes. Reopen it with a reason, or enter the correction in an open period.', held.name using errcode = 'OG001';
      end if;
    end loop;
  end if;
  return null;
end $$;
create trigger locked_insert after insert on activity_entries referencing new table as fresh for each statement execute function refuse_locked_entries();
create trigger locked_update after update on activity_entries referencing old table as former new table as fresh for each statement execute function refuse_locked_entries();
create trigger locked_delete after delete on activity_entries referencing old table as former for each statement execute function refuse_locked_entries();

grant select, insert on inventory_snapshots, inventory_lock_steps to offgridflow_app;
grant update (frozen_entries, frozen_results) on calculation_runs to offgridflow_app;
revoke all on function refuse_locked_results(), refuse_locked_entries() from public;
