-- The approval of a run over a million entries read every change to find that none has an exception.
create index ix_calculation_run_changes_exceptions on calculation_run_changes (proposal_id, entry_id) where fault_before is not null or fault_after is not null;
