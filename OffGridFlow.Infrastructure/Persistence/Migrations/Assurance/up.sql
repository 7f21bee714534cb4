do $$
declare
  name text;
begin
  foreach name in array array['assurance_samples', 'assurance_sample_items', 'assurance_item_checks', 'assurance_findings', 'assurance_finding_versions', 'assurance_materialities'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', name);
    -- Append-only: another judgment, step or level is the next version.
    execute format('grant select, insert on %I to offgridflow_app', name);
  end loop;
end
$$;

-- A sample is drawn once; later it may only be set aside, once, and then it stays so.
grant update (set_aside_at, set_aside_by, set_aside_reason) on assurance_samples to offgridflow_app;
create function keep_set_aside() returns trigger language plpgsql as $$
begin
  if old.set_aside_at is not null then
    raise exception 'A sample that was set aside stays so.' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
revoke execute on function keep_set_aside() from public;
create trigger set_aside before update on assurance_samples for each row execute function keep_set_aside();

