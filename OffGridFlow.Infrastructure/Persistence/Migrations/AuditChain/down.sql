revoke update (sequence, hash, sealed_at) on audit_entries from offgridflow_app;
drop trigger audit_entries_delete on audit_entries;
drop trigger audit_entries_insert on audit_entries;
drop trigger audit_entries_seal on audit_entries;
drop function unsealed_audit_tenants(), audit_heads(), check_audit_seal(), refuse_audit_change();
