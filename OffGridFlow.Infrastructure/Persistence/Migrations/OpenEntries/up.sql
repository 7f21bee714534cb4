-- Entries that wait for somebody are few beside those that are approved: counted on every visit of Overview.
create index ix_activity_entries_open on activity_entries (tenant_id, status, changed_at) where status in ('Draft', 'Submitted');
