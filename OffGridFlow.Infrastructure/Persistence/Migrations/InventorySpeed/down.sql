alter table inventory_snapshots drop column papers;
drop index ix_monthly_totals_tenant_id_account_provider_month;
create index ix_monthly_totals_tenant_id_account on monthly_totals (tenant_id, account);
drop index ix_activity_records_cell;
create index ix_activity_records_cell on activity_records (tenant_id, account, service, period_start) where entry_id is not null;
