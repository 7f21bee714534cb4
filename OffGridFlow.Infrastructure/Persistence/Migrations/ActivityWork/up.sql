do $$
declare
  owned text;
begin
  foreach owned in array array['activity_entry_comments', 'activity_entry_documents', 'activity_entry_policies']
  loop
    execute format('alter table %I enable row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

grant select, insert on activity_entry_comments to offgridflow_app;
-- The link may go, the document stays.
grant select, insert, delete on activity_entry_documents to offgridflow_app;
grant select, insert, update on activity_entry_policies to offgridflow_app;

-- The one way in which an entry disappears: it never counted, so that nothing rests on it. What it was stands in the audit log.
create function discard_draft(p_entry uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform from activity_entries e where e.id = p_entry and e.tenant_id = current_tenant() and e.status = 'Draft' for update;
  if not found or exists (select from activity_entry_versions v where v.entry_id = p_entry and v.action in ('submitted', 'reversed')) then
    return false;
  end if;

  delete from activity_entry_comments where entry_id = p_entry;
  delete from activity_entry_documents where entry_id = p_entry;
  delete from activity_entry_versions where entry_id = p_entry;
  delete from activity_entries where id = p_entry;
  return true;
end $$;

revoke all on function discard_draft(uuid) from public;
grant execute on function discard_draft(uuid) to offgridflow_app;
