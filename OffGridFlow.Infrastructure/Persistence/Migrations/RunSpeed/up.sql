-- Nobody may delete an activity, and whoever writes results has written or read their activity: a look-up and a lock for each of millions of results guarded
-- against nothing and took a quarter of the database's time. A result without its activity would show where the monthly totals are proven: as a difference.
alter table emission_records drop constraint fk_emission_records_activity_records_activity_id;

-- The results of an attempt are found by way of the activities that its changes name.
drop index ix_emission_records_proposal;

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
    delete from emission_records e using calculation_run_changes c
    where c.proposal_id = attempt and e.activity_id = c.activity_id and e.proposal_id = attempt and e.tenant_id = current_tenant()
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

-- From here on entry_results has what the last writing of an entry gave, and what a run gave stays with the run's changes: the interval that stands tells which
-- of the two counts. So each entry whose results are a run's gets back what stood before the first of the runs since it was written.
update entry_results p set fingerprint = c.fingerprint_before
from (
  select distinct on (n.activity_id) n.activity_id, n.to_sequence from emission_intervals n
  where n.proposal_id is null and n.to_sequence is not null order by n.activity_id, n.from_sequence desc) as written
join calculation_runs r on r.approved_sequence = written.to_sequence
join calculation_run_changes c on c.proposal_id = r.proposal_id and c.activity_before = written.activity_id
where p.activity_id = written.activity_id and r.tenant_id = p.tenant_id and p.entry_id = c.entry_id
  and exists (select from emission_intervals i where i.activity_id = p.activity_id and i.proposal_id is not null and i.to_sequence is null);

-- What gives the energy (carrier, calorific value, shares, source) is in the shared part of a derivation from here on, and of one result is the energy alone. So the
-- columns that repeat it are written by whoever writes results: six expressions over JSON for each of millions took as long as an index.
alter table emission_records
  alter column energy_carrier drop expression, alter column energy_gap drop expression, alter column energy_kwh drop expression,
  alter column energy_renewable_kwh drop expression, alter column energy_nuclear_kwh drop expression, alter column energy_unstated drop expression;
grant insert (energy_carrier, energy_gap, energy_kwh, energy_renewable_kwh, energy_nuclear_kwh, energy_unstated) on emission_records to offgridflow_loader;

create or replace function whole_derivation(shared jsonb, own jsonb) returns jsonb
language sql immutable parallel safe
as $$
  select case when shared is null or own is null then own else shared || own
    || case when own ? 'energy' then jsonb_build_object('energy', coalesce(shared -> 'energy', '{}') || (own -> 'energy')) else '{}' end
    || jsonb_build_object('gases', (
      select coalesce(jsonb_agg(s.gas || o.gas order by place), '[]')
      from jsonb_array_elements(shared -> 'gases') with ordinality s (gas, place)
      join jsonb_array_elements(own -> 'gases') with ordinality o (gas, place) using (place))) end
$$;

-- All figures of each total change in a run: with half of each page free they change where they stand, and no index is touched.
alter table monthly_totals set (fillfactor = 50);

-- Their base is worked out anew by the rule above.
update calculation_runs set base_stamp = '\x' where state = 'Proposed';
