-- A difference is read while the results of its run are still being written: it has statistics of its own.
create function analyze_differences() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze calculation_run_changes, calculation_run_cells, calculation_run_totals $$;
revoke all on function analyze_differences() from public;
grant execute on function analyze_differences() to offgridflow_app;

create or replace function analyze_runs() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze calculation_run_months, calculation_run_energy, emission_records $$;
