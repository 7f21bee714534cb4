-- All results of an activity that were written together begin and end together: one interval says when, in place of one for each result. A run that changes
-- a million entries ends and begins as many of them, so nothing but the key is indexed, and half of every page is free: an end is written where the row stands.
alter table emission_intervals rename to former_intervals;
alter table former_intervals rename constraint pk_emission_intervals to pk_former_intervals;
create table emission_intervals (
  activity_id uuid not null,
  -- The attempt at a run that wrote the results; null for those of an entry or a bill.
  proposal_id uuid,
  from_sequence bigint not null,
  tenant_id uuid not null,
  to_sequence bigint,
  constraint pk_emission_intervals primary key (activity_id, from_sequence)
) with (fillfactor = 50);
insert into emission_intervals (activity_id, proposal_id, from_sequence, tenant_id, to_sequence)
select distinct e.activity_id, e.proposal_id, i.from_sequence, i.tenant_id, i.to_sequence from former_intervals i join emission_records e on e.id = i.emission_id;
drop table former_intervals;

alter table emission_intervals enable row level security;
create policy tenant on emission_intervals using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert on emission_intervals to offgridflow_app;
grant update (to_sequence) on emission_intervals to offgridflow_app;

create or replace function refuse_locked_results() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  held text;
begin
  if not exists (select from reporting_periods p where p.state in ('Locked', 'Filed') and p.tenant_id in (select m.tenant_id from moved m limit 1)) then
    return null;
  end if;
  -- By the days of the activities first: most of a large run touch no locked month, and of those no result is read.
  select p.name into held from reporting_periods p
  where p.state in ('Locked', 'Filed') and exists (
    select from moved m
    join activity_records a on a.id = m.activity_id
      and a.period_end >= date_trunc('month', p.first_day)::date and a.period_start < (date_trunc('month', p.last_day) + interval '1 month')::date
    where m.tenant_id = p.tenant_id and exists (
      select from emission_records e where e.activity_id = m.activity_id and e.proposal_id is not distinct from m.proposal_id
        and e.month between date_trunc('month', p.first_day)::date and p.last_day))
  order by p.first_day limit 1;
  if held is not null then
    raise exception '% is locked: no result of its months changes. Reopen it with a reason, or enter the correction in an open period.', held using errcode = 'OG001';
  end if;
  return null;
end $$;
create trigger locked_insert after insert on emission_intervals referencing new table as moved for each statement execute function refuse_locked_results();
create trigger locked_update after update on emission_intervals referencing new table as moved for each statement execute function refuse_locked_results();

-- Which results stand for an entry changes with them, in place as well.
drop index ix_entry_results_sequence;
alter table entry_results set (fillfactor = 50);

-- By how much each monthly total moves when the attempt's results begin to count.
create table calculation_run_months (
  proposal_id uuid not null,
  tenant_id uuid not null,
  month date not null,
  scope integer not null,
  category integer not null,
  scope2_method text not null,
  account text not null,
  service text not null,
  region text not null,
  calculation_method text not null,
  activities bigint not null,
  activities_without_result bigint not null,
  kilowatt_hours numeric(28, 12) not null,
  kg_co2e numeric(28, 12) not null,
  measured_kg_co2e numeric(28, 12) not null,
  defaulted_kg_co2e numeric(28, 12) not null,
  biogenic_kg_co2 numeric(28, 12) not null,
  submitted_kg_co2e numeric(28, 12) not null,
  co2_kg_co2e numeric(28, 12) not null,
  ch4_kg_co2e numeric(28, 12) not null,
  n2o_kg_co2e numeric(28, 12) not null,
  hfcs_kg_co2e numeric(28, 12) not null,
  pfcs_kg_co2e numeric(28, 12) not null,
  sf6_kg_co2e numeric(28, 12) not null,
  nf3_kg_co2e numeric(28, 12) not null
);
create index ix_calculation_run_months_proposal on calculation_run_months (proposal_id);
alter table calculation_run_months enable row level security;
create policy tenant on calculation_run_months using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert on calculation_run_months to offgridflow_app;
grant update on monthly_totals to offgridflow_app;

-- Of the runs that count already, so that they can still be taken back.
insert into calculation_run_months
with m as (
  select r.proposal_id as attempt, 1 as sign, e.* from calculation_runs r
  join emission_records e on e.proposal_id = r.proposal_id where r.state = 'Approved' and r.kind <> 'Rollback'
  union all
  select r.proposal_id, -1, e.* from calculation_runs r
  join calculation_run_changes c on c.proposal_id = r.proposal_id
  join emission_intervals i on i.activity_id = c.activity_before and i.to_sequence = r.approved_sequence
  join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
  where r.state = 'Approved' and r.kind <> 'Rollback')
select m.attempt, m.tenant_id, m.month, m.scope, coalesce(m.category, 0), coalesce(m.scope2_method, ''), a.account, a.service, a.region, coalesce(m.calculation_method, ''),
  sum(sign), coalesce(sum(sign) filter (where m.quality = 'Missing'), 0), coalesce(sum(sign * m.kilowatt_hours), 0), coalesce(sum(sign * m.kg_co2e), 0),
  coalesce(sum(sign * m.kg_co2e) filter (where m.quality = 'Measured'), 0), coalesce(sum(sign * m.defaulted_kg_co2e), 0), coalesce(sum(sign * m.biogenic_kg_co2), 0),
  coalesce(sum(sign * m.kg_co2e) filter (where a.entry_status = 'Submitted'), 0), coalesce(sum(sign * m.co2_kg_co2e), 0), coalesce(sum(sign * m.ch4_kg_co2e), 0),
  coalesce(sum(sign * m.n2o_kg_co2e), 0), coalesce(sum(sign * m.hfcs_kg_co2e), 0), coalesce(sum(sign * m.pfcs_kg_co2e), 0), coalesce(sum(sign * m.sf6_kg_co2e), 0),
  coalesce(sum(sign * m.nf3_kg_co2e), 0)
from m join activity_records a on a.id = m.activity_id
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
-- Those that wait for a decision have none: their difference is worked out anew before they are approved.
update calculation_runs set base_stamp = '\x' where state = 'Proposed';

-- A run that takes another back has the changes of that one, the other way round.
alter table calculation_proposals add column inverse_of uuid;

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
  analyze usage_kinds, usage_summaries, import_batches, activity_entries, activity_records, emission_records, emission_intervals, entry_results, monthly_totals
$$;

create or replace function analyze_runs() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze calculation_run_changes, calculation_run_cells, calculation_run_months, emission_records $$;

-- A table that was filled a moment ago has no statistics, and every question joins it.
analyze emission_intervals;
