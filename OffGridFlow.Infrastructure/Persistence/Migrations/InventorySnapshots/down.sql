drop trigger locked_insert on emission_intervals;
drop trigger locked_update on emission_intervals;
drop trigger locked_insert on activity_entries;
drop trigger locked_update on activity_entries;
drop trigger locked_delete on activity_entries;
drop function refuse_locked_results();
drop function refuse_locked_entries();
alter table calculation_runs drop column frozen_entries, drop column frozen_results;
drop table inventory_lock_steps, inventory_snapshots;
