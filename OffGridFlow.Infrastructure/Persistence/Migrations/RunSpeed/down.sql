alter table monthly_totals reset (fillfactor);

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
