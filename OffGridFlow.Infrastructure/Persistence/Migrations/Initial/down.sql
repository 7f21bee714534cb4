-- The roles stay: they belong to the server, and other databases on it may use them. Tables go after this, by the migration itself.
drop policy tenant on users;
drop table usage_lines;
drop function new_id(), analyze_ledger();
drop function claim_job(text, interval), rotate_session(bytea, bytea, bytea, bytea, interval, interval), end_session(uuid),
  extend_session(uuid, interval), find_session_by_id(uuid), find_session(bytea, text),
  create_session(uuid, uuid, uuid, text, bytea, interval, bytea, bytea, interval),
  create_first_administrator(uuid, text, uuid, text, text, text, text, text),
  create_tenant(uuid, text, boolean, uuid, text, text, text, text, text), clear_failed_sign_ins(uuid),
  count_failed_sign_in(uuid, integer, interval), save_user(uuid, text, text, text, text, text, integer, timestamptz),
  memberships_of(uuid), find_user(uuid), find_user_by_email(text), set_up_state(), discard_loading_batches(uuid), create_usage_partition(date);
drop type session_row;
drop schema if exists quartz cascade;
