drop function analyze_differences();

create or replace function analyze_runs() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze calculation_run_changes, calculation_run_cells, calculation_run_months, calculation_run_energy, emission_records $$;
