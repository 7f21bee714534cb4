-- Roles belong to the whole server: another database on it may have made them already, perhaps at this very moment.
do $$
declare
  wanted record;
begin
  for wanted in select * from (values
      ('offgridflow_app', 'nologin'),
      ('offgridflow_loader', 'nologin bypassrls'),
      ('offgridflow_jobs', 'nologin')) as roles (name, options)
  loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      begin
        execute format('create role %I %s', wanted.name, wanted.options);
      exception when duplicate_object or unique_violation then
        null;
      end;
    end if;
    -- From PostgreSQL 16 on, being a member and being allowed to change to the role are two things.
    if not pg_has_role(current_user, wanted.name, case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end) then
      execute format('grant %I to current_user', wanted.name);
    end if;
  end loop;
end $$;

grant usage on schema public to offgridflow_app, offgridflow_loader;

-- The scheduler makes and owns its tables in a schema of its own.
create schema if not exists quartz authorization offgridflow_jobs;
