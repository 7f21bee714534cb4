do $$
declare
  owned text;
begin
  foreach owned in array array[
    'memberships', 'sessions', 'ledger_sequences', 'audit_entries', 'job_runs', 'source_documents', 'imports', 'import_batches', 'rejected_rows',
    'usage_kinds', 'usage_lines', 'usage_summaries', 'activity_records', 'emission_records', 'emission_intervals', 'monthly_totals']
  loop
    execute format('alter table %I enable row level security', owned);
    -- The sub-select makes PostgreSQL ask once per statement, not once per row.
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

alter table tenants enable row level security;
create policy tenant on tenants using (id = (select current_tenant()));

alter table users enable row level security;
create policy tenant on users using (exists (select from memberships m where m.user_id = users.id and m.tenant_id = (select current_tenant())));

grant select on tenants, memberships to offgridflow_app;
grant select (id, email, display_name) on users to offgridflow_app;
grant select, insert on data_protection_keys to offgridflow_app;
grant select, update on ledger_sequences to offgridflow_app;
-- Append-only tables: no right to change or delete.
grant select, insert on audit_entries, source_documents, usage_kinds, usage_summaries, activity_records, emission_records to offgridflow_app;
grant select, insert, update on job_runs, imports, import_batches to offgridflow_app;
grant select, insert on rejected_rows to offgridflow_app;
grant select on usage_lines to offgridflow_app;
grant select, insert on emission_intervals to offgridflow_app;
grant update (to_sequence) on emission_intervals to offgridflow_app;
grant select, insert, delete on monthly_totals to offgridflow_app;

grant insert (billing_month, batch_number, line, kind_id, is_usage, amount, cost, start_at, end_at, line_id, resource, tags)
  on usage_lines to offgridflow_loader;

revoke execute on all functions in schema public from public;
grant execute on function current_tenant(), new_id() to offgridflow_app, offgridflow_loader;
grant execute on function
  create_usage_partition(date), analyze_ledger(), discard_loading_batches(uuid), set_up_state(), find_user_by_email(text), find_user(uuid), memberships_of(uuid),
  save_user(uuid, text, text, text, text, text, integer, timestamptz), count_failed_sign_in(uuid, integer, interval),
  clear_failed_sign_ins(uuid), create_first_administrator(uuid, text, uuid, text, text, text, text, text),
  create_session(uuid, uuid, uuid, text, bytea, interval, bytea, bytea, interval), find_session(bytea, text), find_session_by_id(uuid),
  extend_session(uuid, interval), end_session(uuid), rotate_session(bytea, bytea, bytea, bytea, interval, interval), claim_job(text, interval)
  to offgridflow_app;
