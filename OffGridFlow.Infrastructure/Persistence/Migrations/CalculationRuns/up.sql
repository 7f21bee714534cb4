-- What stands for an entry that counts: the activity whose results count, a fingerprint of all of them, and the ledger number they came with.
-- By it a run knows, without reading a result, whether the same would come out again.
create table entry_results (
  entry_id uuid primary key references activity_entries,
  tenant_id uuid not null,
  activity_id uuid,
  fingerprint bytea not null,
  sequence bigint not null
);
create index ix_entry_results_sequence on entry_results (tenant_id, sequence);

-- When the ledger came to a number: a figure can be told as it was on a day.
create table ledger_marks (
  tenant_id uuid not null,
  sequence bigint not null,
  at timestamptz not null,
  primary key (tenant_id, sequence)
);

create table calculation_runs (
  id uuid primary key,
  tenant_id uuid not null,
  number integer not null,
  kind text not null,
  title text not null,
  note text,
  state text not null,
  -- Null: the organization's policy stays as it is.
  policy jsonb,
  policy_before jsonb,
  policy_version integer,
  years integer[] not null,
  activity_types text[] not null,
  -- The attempt whose results stand for the run; null until one has come through.
  proposal_id uuid,
  base_sequence bigint,
  base_stamp bytea,
  approved_sequence bigint,
  inverse_of uuid,
  job_id uuid,
  entries bigint not null,
  changed bigint not null,
  new_exceptions bigint not null,
  cleared_exceptions bigint not null,
  seconds numeric(28, 12),
  proposed_by_id uuid,
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by_id uuid,
  decided_by text,
  decided_at timestamptz,
  decision text,
  error text,
  unique (tenant_id, number)
);

-- Each attempt at a run writes under an id of its own: what a process that was thought dead still writes belongs to nothing.
create table calculation_proposals (
  id uuid primary key,
  tenant_id uuid not null,
  run_id uuid not null references calculation_runs,
  started_at timestamptz not null
);
create index ix_calculation_proposals_run on calculation_proposals (run_id);

-- The entries of which a digit or a word becomes another. kg CO2e of all scopes, once with each view of scope 2.
create table calculation_run_changes (
  proposal_id uuid not null,
  entry_id uuid not null,
  tenant_id uuid not null default current_tenant(),
  activity_id uuid,
  activity_before uuid,
  fingerprint_before bytea not null,
  fingerprint_after bytea not null,
  fault_before jsonb,
  fault_after jsonb,
  account text not null,
  service text not null,
  period_start date not null,
  period_end date not null,
  location_before numeric(28, 12) not null,
  location_after numeric(28, 12) not null,
  market_before numeric(28, 12) not null,
  market_after numeric(28, 12) not null,
  magnitude numeric(28, 12) not null,
  primary key (proposal_id, entry_id)
);
create index ix_calculation_run_changes_magnitude on calculation_run_changes (proposal_id, magnitude desc, entry_id);

-- Their sums by all that the difference is shown by. Factors are ids, an instrument's with "instrument/" before it.
create table calculation_run_cells (
  proposal_id uuid not null,
  tenant_id uuid not null,
  year integer not null,
  account text not null,
  service text not null,
  scope integer not null,
  category integer not null,
  scope2_method text not null,
  part text not null,
  factor_before text not null,
  factor_after text not null,
  entries bigint not null,
  results_before bigint not null,
  results_after bigint not null,
  kg_before numeric(28, 12) not null,
  kg_after numeric(28, 12) not null,
  measured_before numeric(28, 12) not null,
  measured_after numeric(28, 12) not null
);
create index ix_calculation_run_cells_proposal on calculation_run_cells (proposal_id);

-- Everything that counted when the difference was made, by year: what the difference is a part of.
create table calculation_run_totals (
  proposal_id uuid not null,
  tenant_id uuid not null,
  year integer not null,
  provider text not null,
  account text not null,
  scope integer not null,
  category integer not null,
  scope2_method text not null,
  kg numeric(28, 12) not null,
  measured_kg numeric(28, 12) not null
);
create index ix_calculation_run_totals_proposal on calculation_run_totals (proposal_id);

alter table emission_records add column proposal_id uuid, alter column tenant_id set default current_tenant();
-- Some two kilobytes each, of which a run may write millions: the quicker method, where the server was built with it.
do $$
begin
  alter table emission_records alter column derivation set compression lz4;
exception when feature_not_supported then
  null;
end $$;
create index ix_emission_records_proposal on emission_records (proposal_id) where proposal_id is not null;
-- The cells of monthly totals, from the activities' side.
create index ix_activity_records_cell on activity_records (tenant_id, account, service, period_start) where entry_id is not null;

insert into entry_results (entry_id, tenant_id, activity_id, fingerprint, sequence)
select n.id, n.tenant_id, s.activity_id, '\x', coalesce(s.sequence, 0)
from activity_entries n
left join (
  select a.entry_id, a.id as activity_id, max(i.from_sequence) as sequence
  from activity_records a join emission_records e on e.activity_id = a.id join emission_intervals i on i.emission_id = e.id and i.to_sequence is null
  where a.entry_id is not null group by a.entry_id, a.id) as s on s.entry_id = n.id
where n.status in ('Submitted', 'Approved');
insert into ledger_marks select tenant_id, value, now() from ledger_sequences where value > 0;

create function mark_ledger() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  insert into ledger_marks (tenant_id, sequence, at) values (new.tenant_id, new.value, now()) on conflict do nothing;
  return null;
end $$;
create trigger mark after update on ledger_sequences for each row when (old.value is distinct from new.value) execute function mark_ledger();

-- Clears the results that attempts at a run have left and that never counted; with p_all what is said of them too, as before another attempt.
create function discard_proposed_results(p_run uuid, p_all boolean) returns void
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  attempt uuid;
begin
  perform from calculation_runs r where r.id = p_run and r.tenant_id = current_tenant() and r.approved_sequence is null for update;
  if not found then
    return;
  end if;
  for attempt in select id from calculation_proposals where run_id = p_run and tenant_id = current_tenant() loop
    delete from emission_records e where e.proposal_id = attempt and e.tenant_id = current_tenant()
      and not exists (select from emission_intervals i where i.emission_id = e.id);
    if p_all then
      delete from calculation_run_changes where proposal_id = attempt;
      delete from calculation_run_cells where proposal_id = attempt;
      delete from calculation_run_totals where proposal_id = attempt;
      delete from calculation_proposals where id = attempt;
    end if;
  end loop;
end $$;

create function analyze_runs() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze calculation_run_changes, calculation_run_cells, emission_records $$;

do $$
declare
  owned text;
begin
  foreach owned in array array[
    'entry_results', 'ledger_marks', 'calculation_runs', 'calculation_proposals', 'calculation_run_changes', 'calculation_run_cells', 'calculation_run_totals']
  loop
    execute format('alter table %I enable row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

grant select, insert, update, delete on entry_results to offgridflow_app;
grant select on ledger_marks to offgridflow_app;
-- What was proposed and decided stays: no right to delete, and none to change what a run would do.
grant select, insert on calculation_runs, calculation_proposals, calculation_run_changes, calculation_run_cells, calculation_run_totals to offgridflow_app;
grant update (state, policy_before, policy_version, proposal_id, base_sequence, base_stamp, approved_sequence, job_id, entries, changed, new_exceptions,
  cleared_exceptions, seconds, decided_by_id, decided_by, decided_at, decision, error) on calculation_runs to offgridflow_app;
grant insert (id, activity_id, scope, category, month, scope2_method, part, factor_id, factor_set_id, factor_set_checksum, instrument_id, biogenic_kg_co2, derivation,
  method, method_version, comparison_only, kilowatt_hours, kg_co2e, defaulted_kg_co2e, quality, flags, proposal_id) on emission_records to offgridflow_loader;
grant insert (proposal_id, entry_id, activity_id, activity_before, fingerprint_before, fingerprint_after, fault_before, fault_after, account, service, period_start,
  period_end, location_before, location_after, market_before, market_after, magnitude) on calculation_run_changes to offgridflow_loader;

revoke all on function mark_ledger(), discard_proposed_results(uuid, boolean), analyze_runs() from public;
grant execute on function discard_proposed_results(uuid, boolean), analyze_runs() to offgridflow_app;
