drop trigger mark on ledger_sequences;
drop function mark_ledger();
drop function discard_proposed_results(uuid, boolean);
drop function analyze_runs();
-- What was proposed and never counted would be in nobody's way and nobody's hands.
delete from emission_records e where e.proposal_id is not null and not exists (select from emission_intervals i where i.emission_id = e.id);
revoke insert (id, activity_id, scope, category, month, scope2_method, part, factor_id, factor_set_id, factor_set_checksum, instrument_id, biogenic_kg_co2, derivation,
  method, method_version, comparison_only, kilowatt_hours, kg_co2e, defaulted_kg_co2e, quality, flags, proposal_id) on emission_records from offgridflow_loader;
drop index ix_activity_records_cell;
drop index ix_emission_records_proposal;
alter table emission_records alter column derivation set compression default;
alter table emission_records drop column proposal_id, alter column tenant_id drop default;
drop table calculation_run_totals, calculation_run_cells, calculation_run_changes, calculation_proposals, calculation_runs, ledger_marks, entry_results;
