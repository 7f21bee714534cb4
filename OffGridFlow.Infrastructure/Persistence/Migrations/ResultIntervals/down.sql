create or replace function analyze_runs() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze calculation_run_changes, calculation_run_cells, emission_records $$;

create or replace function analyze_ledger() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze usage_kinds, usage_summaries, import_batches, activity_records, emission_records, emission_intervals, monthly_totals $$;

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
      and not exists (select from emission_intervals i where i.emission_id = e.id);
    if p_all then
      delete from calculation_run_changes where proposal_id = attempt;
      delete from calculation_run_cells where proposal_id = attempt;
      delete from calculation_run_totals where proposal_id = attempt;
      delete from calculation_proposals where id = attempt;
    end if;
  end loop;
end $$;

insert into calculation_run_changes (proposal_id, entry_id, tenant_id, activity_id, activity_before, fingerprint_before, fingerprint_after, fault_before, fault_after,
  account, service, period_start, period_end, location_before, location_after, market_before, market_after, magnitude)
select p.id, c.entry_id, c.tenant_id, c.activity_before, c.activity_id, c.fingerprint_after, c.fingerprint_before, c.fault_after, c.fault_before, c.account, c.service,
  c.period_start, c.period_end, c.location_after, c.location_before, c.market_after, c.market_before, c.magnitude
from calculation_proposals p join calculation_run_changes c on c.proposal_id = p.inverse_of;
alter table calculation_proposals drop column inverse_of;

revoke update on monthly_totals from offgridflow_app;
drop table calculation_run_months;

alter table entry_results reset (fillfactor);
create index ix_entry_results_sequence on entry_results (tenant_id, sequence);

alter table emission_intervals rename to activity_intervals;
alter table activity_intervals rename constraint pk_emission_intervals to pk_activity_intervals;
create table emission_intervals (
  emission_id uuid not null,
  from_sequence bigint not null,
  tenant_id uuid not null,
  to_sequence bigint,
  constraint pk_emission_intervals primary key (emission_id, from_sequence),
  constraint fk_emission_intervals_emission_records_emission_id foreign key (emission_id) references emission_records on delete restrict
);
insert into emission_intervals (emission_id, from_sequence, tenant_id, to_sequence)
select e.id, i.from_sequence, i.tenant_id, i.to_sequence
from activity_intervals i join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id;
drop table activity_intervals;
create index ix_emission_intervals_current on emission_intervals (tenant_id, emission_id) where to_sequence is null;
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
