create index ix_emission_records_energy on emission_records (tenant_id, month)
  where scope < 3 and calculation_method in ('Fuel', 'Distance', 'PurchasedEnergy', 'OwnEnergy');

create or replace function analyze_ledger() returns void
language sql security definer set search_path = public, pg_temp
as $$
  analyze usage_kinds, usage_summaries, import_batches, activity_entries, activity_records, emission_records, emission_intervals, entry_results, monthly_totals
$$;

create or replace function analyze_runs() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze calculation_run_changes, calculation_run_cells, calculation_run_months, emission_records $$;

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

drop table calculation_run_energy;
drop table monthly_energy;
