drop index ix_activity_entries_open;
