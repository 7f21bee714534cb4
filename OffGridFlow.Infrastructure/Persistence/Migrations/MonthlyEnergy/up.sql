-- What the energy ledger is read from: results that stand for energy, by month, place, activity type, carrier, contract and gap (docs/methods/energy.md). No
-- carrier: not known what moved a vehicle; no contract: none covers it; no gap: it has a figure. The order of the key is that in which places are read.
create table monthly_energy (
  tenant_id uuid not null,
  account text not null,
  month date not null,
  scope integer not null,
  service text not null,
  carrier text,
  instrument_id uuid,
  is_unstated boolean not null,
  gap text,
  results bigint not null,
  kilowatt_hours numeric(28, 12) not null,
  renewable_kilowatt_hours numeric(28, 12) not null,
  nuclear_kilowatt_hours numeric(28, 12) not null,
  constraint uq_monthly_energy unique nulls not distinct (tenant_id, account, month, scope, service, carrier, instrument_id, is_unstated, gap)
);
alter table monthly_energy enable row level security;
create policy tenant on monthly_energy using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, delete on monthly_energy to offgridflow_app;
grant update (results, kilowatt_hours, renewable_kilowatt_hours, nuclear_kilowatt_hours) on monthly_energy to offgridflow_app;

insert into monthly_energy
select e.tenant_id, a.account, e.month, e.scope, a.service, e.energy_carrier, e.instrument_id, coalesce(e.energy_unstated, false),
  case when e.quality = 'Missing' then 'no-result' when e.energy_carrier is null and e.energy_gap is null then 'not-worked-out' else e.energy_gap end,
  count(*), coalesce(sum(e.energy_kwh), 0), coalesce(sum(e.energy_renewable_kwh), 0), coalesce(sum(e.energy_nuclear_kwh), 0)
from emission_records e
join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
join activity_records a on a.id = e.activity_id
where e.scope < 3 and e.calculation_method in ('Fuel', 'Distance', 'PurchasedEnergy', 'OwnEnergy') and not e.comparison_only
  and (e.scope2_method is null or e.scope2_method = 'Market') and (e.part is null or e.part in ('Direct', 'LifeCycle')) and e.quality <> 'Excluded'
  and e.energy_gap is distinct from 'not-energy'
group by 1, 2, 3, 4, 5, 6, 7, 8, 9;

-- By how much each cell moves when the attempt's results begin to count.
create table calculation_run_energy (
  proposal_id uuid not null,
  tenant_id uuid not null,
  month date not null,
  scope integer not null,
  account text not null,
  service text not null,
  carrier text,
  instrument_id uuid,
  is_unstated boolean not null,
  gap text,
  results bigint not null,
  kilowatt_hours numeric(28, 12) not null,
  renewable_kilowatt_hours numeric(28, 12) not null,
  nuclear_kilowatt_hours numeric(28, 12) not null
);
create index ix_calculation_run_energy_proposal on calculation_run_energy (proposal_id);
alter table calculation_run_energy enable row level security;
create policy tenant on calculation_run_energy using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert on calculation_run_energy to offgridflow_app;

-- Of the runs that count already, so that they can still be taken back.
insert into calculation_run_energy
with m as (
  select r.proposal_id as attempt, 1 as sign, e.* from calculation_runs r
  join emission_records e on e.proposal_id = r.proposal_id where r.state = 'Approved' and r.kind <> 'Rollback'
  union all
  select r.proposal_id, -1, e.* from calculation_runs r
  join calculation_run_changes c on c.proposal_id = r.proposal_id
  join emission_intervals i on i.activity_id = c.activity_before and i.to_sequence = r.approved_sequence
  join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
  where r.state = 'Approved' and r.kind <> 'Rollback')
select e.attempt, e.tenant_id, e.month, e.scope, a.account, a.service, e.energy_carrier, e.instrument_id, coalesce(e.energy_unstated, false),
  case when e.quality = 'Missing' then 'no-result' when e.energy_carrier is null and e.energy_gap is null then 'not-worked-out' else e.energy_gap end,
  sum(sign), coalesce(sum(sign * e.energy_kwh), 0), coalesce(sum(sign * e.energy_renewable_kwh), 0), coalesce(sum(sign * e.energy_nuclear_kwh), 0)
from m e join activity_records a on a.id = e.activity_id
where e.scope < 3 and e.calculation_method in ('Fuel', 'Distance', 'PurchasedEnergy', 'OwnEnergy') and not e.comparison_only
  and (e.scope2_method is null or e.scope2_method = 'Market') and (e.part is null or e.part in ('Direct', 'LifeCycle')) and e.quality <> 'Excluded'
  and e.energy_gap is distinct from 'not-energy'
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
-- Those that wait for a decision have none: their difference is worked out anew before they are approved.
update calculation_runs set base_stamp = '\x' where state = 'Proposed';

create or replace function discard_proposed_results(p_run uuid, p_all boolean) returns void
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
      and not exists (select from emission_intervals i where i.activity_id = e.activity_id and i.proposal_id = e.proposal_id);
    delete from calculation_run_months where proposal_id = attempt;
    delete from calculation_run_energy where proposal_id = attempt;
    if p_all then
      delete from calculation_run_changes where proposal_id = attempt;
      delete from calculation_run_cells where proposal_id = attempt;
      delete from calculation_run_totals where proposal_id = attempt;
      delete from calculation_proposals where id = attempt;
    end if;
  end loop;
end $$;

create or replace function analyze_ledger() returns void
language sql security definer set search_path = public, pg_temp
as $$
  analyze usage_kinds, usage_summaries, import_batches, activity_entries, activity_records, emission_records, emission_intervals, entry_results, monthly_totals, monthly_energy
$$;

create or replace function analyze_runs() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze calculation_run_changes, calculation_run_cells, calculation_run_months, calculation_run_energy, emission_records $$;

-- Filled a moment ago, without statistics.
analyze monthly_energy;

-- Sums were read by it; the roll-up's own index takes its place, and results are written without it.
drop index ix_emission_records_energy;
