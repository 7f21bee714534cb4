do $$
declare
  owned text;
begin
  foreach owned in array array['sheet_drafts', 'sheet_memories']
  loop
    execute format('alter table %I enable row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

-- A draft that was not loaded may be forgotten; the document stays.
grant select, insert, update, delete on sheet_drafts to offgridflow_app;
grant select, insert, update on sheet_memories to offgridflow_app;
