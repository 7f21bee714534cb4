do $$
declare
  owned text;
begin
  foreach owned in array array['personal_settings', 'saved_views']
  loop
    execute format('alter table %I enable row level security', owned);
    -- The sub-select makes PostgreSQL ask once per statement, not once per row.
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

grant select, insert, update, delete on personal_settings, saved_views to offgridflow_app;
