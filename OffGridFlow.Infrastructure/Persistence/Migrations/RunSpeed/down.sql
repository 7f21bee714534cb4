alter table monthly_totals reset (fillfactor);

update emission_records e set derivation = e.derivation || jsonb_build_object('energy', whole_derivation(d.content, e.derivation) -> 'energy')
from derivations d where d.tenant_id = e.tenant_id and d.id = e.derivation_id and d.content ? 'energy';
create or replace function whole_derivation(shared jsonb, own jsonb) returns jsonb
language sql immutable parallel safe
as $$
  select case when shared is null or own is null then own else shared || own || jsonb_build_object('gases', (
    select coalesce(jsonb_agg(s.gas || o.gas order by place), '[]')
    from jsonb_array_elements(shared -> 'gases') with ordinality s (gas, place)
    join jsonb_array_elements(own -> 'gases') with ordinality o (gas, place) using (place))) end
$$;
revoke insert (energy_carrier, energy_gap, energy_kwh, energy_renewable_kwh, energy_nuclear_kwh, energy_unstated) on emission_records from offgridflow_loader;
alter table emission_records
  drop column energy_unstated, drop column energy_nuclear_kwh, drop column energy_renewable_kwh, drop column energy_kwh, drop column energy_gap, drop column energy_carrier;
alter table emission_records
  add column energy_carrier text generated always as (derivation -> 'energy' ->> 'carrier') stored,
  add column energy_gap text generated always as (derivation -> 'energy' ->> 'gap') stored,
  add column energy_kwh numeric(28, 12) generated always as ((derivation -> 'energy' ->> 'kilowattHours')::numeric(28, 12)) stored,
  add column energy_renewable_kwh numeric(28, 12) generated always as ((derivation -> 'energy' ->> 'renewableKilowattHours')::numeric(28, 12)) stored,
  add column energy_nuclear_kwh numeric(28, 12) generated always as ((derivation -> 'energy' ->> 'nuclearKilowattHours')::numeric(28, 12)) stored,
  add column energy_unstated boolean generated always as ((derivation -> 'energy' ->> 'isUnstated')::boolean) stored;

update entry_results p set fingerprint = c.fingerprint_after
from emission_intervals i join calculation_run_changes c on c.proposal_id = i.proposal_id and c.activity_id = i.activity_id
where i.activity_id = p.activity_id and i.to_sequence is null and c.entry_id = p.entry_id;
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

create index ix_emission_records_proposal on emission_records (proposal_id) where proposal_id is not null;
alter table emission_records add constraint fk_emission_records_activity_records_activity_id foreign key (activity_id) references activity_records (id) on delete restrict;
