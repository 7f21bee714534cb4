alter table planned_sources enable row level security;
create policy tenant on planned_sources using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, update, delete on planned_sources to offgridflow_app;
