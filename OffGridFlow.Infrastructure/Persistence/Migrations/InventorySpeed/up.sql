-- An inventory reads the months of one account after the other (docs/decisions/0036-inventories-place-by-place.md).
drop index ix_monthly_totals_tenant_id_account;
create index ix_monthly_totals_tenant_id_account_provider_month on monthly_totals (tenant_id, account, provider, month);

-- Where something changes within a month, its results are found by the days of their entries, without a look at those of other months.
drop index ix_activity_records_cell;
create index ix_activity_records_cell on activity_records (tenant_id, account, service, period_start, period_end) where entry_id is not null;

-- What the evidence of a snapshot needs and the ledger does not keep: shares, decisions and the collection plan as they were. Null: locked before this was kept.
alter table inventory_snapshots add column papers jsonb;
