alter table boundary_decisions enable row level security;
create policy tenant on boundary_decisions using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
-- Append-only: another decision, or the approval of one, is the next version.
grant select, insert on boundary_decisions to offgridflow_app;
