do $$
declare
  owned text;
begin
  foreach owned in array array['ownerships', 'leases', 'account_mappings', 'reporting_periods', 'business_figures', 'contractual_instruments']
  loop
    execute format('alter table %I enable row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

grant select, insert, update, delete on ownerships, leases, account_mappings, reporting_periods, contractual_instruments to offgridflow_app;
-- Append-only: a correction is the next version.
grant select, insert on business_figures to offgridflow_app;
