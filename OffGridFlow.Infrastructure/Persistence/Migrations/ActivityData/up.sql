update emission_records e set month = a.period_start from activity_records a where a.id = e.activity_id;
update monthly_totals set kg_co2e = operational_kg_co2e + embodied_kg_co2e;

do $$
declare
  owned text;
begin
  foreach owned in array array['organizations', 'sites', 'activity_entries', 'activity_entry_versions', 'calculation_exceptions']
  loop
    execute format('alter table %I enable row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

grant select, insert, update, delete on organizations, sites to offgridflow_app;
-- No right to delete: an entry is excluded or reversed, and its history stays.
grant select, insert, update on activity_entries to offgridflow_app;
grant select, insert on activity_entry_versions to offgridflow_app;
grant select, insert, update, delete on calculation_exceptions to offgridflow_app;
