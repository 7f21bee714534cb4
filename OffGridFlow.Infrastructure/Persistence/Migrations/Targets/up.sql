alter table base_year_policies enable row level security;
create policy tenant on base_year_policies using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
alter table base_year_decisions enable row level security;
create policy tenant on base_year_decisions using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
-- Append-only: another policy or decision, or the approval of one, is another version.
grant select, insert on base_year_policies, base_year_decisions to offgridflow_app;

alter table targets enable row level security;
create policy tenant on targets using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
alter table scenarios enable row level security;
create policy tenant on scenarios using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, update, delete on targets, scenarios to offgridflow_app;
