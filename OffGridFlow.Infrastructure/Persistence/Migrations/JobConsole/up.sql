-- What the jobs of before are called, whose they are and what became of them is known from their imports.
update job_runs j set
  subject_name = i.file_name, created_by_id = i.created_by_id, created_by = i.created_by, with_errors = i.status = 'CompletedWithErrors',
  lanes = case when j.state in ('Queued', 'Running') then array(
    select distinct concat_ws('/', 'aws', period ->> 'Account', left(period ->> 'BillingMonth', 7)) from jsonb_array_elements(i.periods) as period)
    else '{}' end,
  result = case when j.state = 'Succeeded' then jsonb_build_object(
    'read', i.rows_read, 'loaded', i.loaded, 'duplicate', i.duplicate, 'rejected', i.rejected) end
from imports i where i.job_run_id = j.id;

-- Whether two sets of lanes have one in common. The operator compares each with each, which a bill of some thousand accounts would feel.
create function lanes_meet(p_one text[], p_other text[]) returns boolean
language sql immutable parallel safe set search_path = public, pg_temp
as $$
  select case when cardinality(p_one)::bigint * cardinality(p_other) <= 10000 then p_one && p_other
    else exists (select unnest(p_one) intersect select unnest(p_other)) end
$$;

-- Gives the oldest job that may start to a worker: a queued one whose lanes are free, or a running one whose worker stopped saying that
-- it lives. A lane is taken by the running job that has it, and kept for the queued job that came first. A job that is taken over holds
-- its lanes already, so it waits for nobody. Each claim raises the fence, so that the former worker, should it wake up, writes nothing more.
create or replace function claim_job(p_worker text, p_lease interval) returns setof job_runs
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  -- Two workers that looked at the same moment would each see the lane free. The second waits here, and the statement after this one
  -- sees what the first has taken. Nobody holds it for longer than that statement, because rows that somebody else has locked are left out.
  perform pg_advisory_xact_lock(hashtextextended('offgridflow.claim_job', 0));
  return query
  update job_runs set
    state = 'Running', attempts = attempts + 1, fence = fence + 1, worker = p_worker, heartbeat_at = now(), not_before = null,
    started_at = coalesce(started_at, now())
  where id = (
    select j.id from job_runs j
    where (j.state = 'Running' and j.heartbeat_at < now() - p_lease)
      or (j.state = 'Queued' and (j.not_before is null or j.not_before <= now())
        and (j.lanes = '{}' or not exists (
          select from job_runs o
          where o.tenant_id = j.tenant_id and o.id <> j.id and o.state in ('Queued', 'Running')
            and (o.state = 'Running' or (o.queued_at, o.id) < (j.queued_at, j.id))
            and lanes_meet(o.lanes, j.lanes))))
    order by j.queued_at, j.id
    limit 1
    for update of j skip locked)
  returning *;
end $$;

create function claim_system_job(p_worker text, p_lease interval) returns setof system_job_runs
language sql security definer set search_path = public, pg_temp
as $$
  update system_job_runs set
    state = 'Running', attempts = attempts + 1, fence = fence + 1, worker = p_worker, heartbeat_at = now(), not_before = null,
    started_at = coalesce(started_at, now())
  where id = (
    select id from system_job_runs
    where (state = 'Queued' and (not_before is null or not_before <= now())) or (state = 'Running' and heartbeat_at < now() - p_lease)
    order by queued_at
    limit 1
    for update skip locked)
  returning *
$$;

-- What is under way for the organizations whose people look at it: one question of a process for all of them. The process gives each
-- only its own.
create function open_jobs(p_tenants uuid[]) returns setof job_runs
language sql stable security definer set search_path = public, pg_temp
as $$
  select * from job_runs where state in ('Queued', 'Running') and tenant_id = any(p_tenants) order by queued_at, id
$$;

-- When a job of each of these organizations last ended: tells a page whose job began and ended between two looks that there is news.
create function last_job_ends(p_tenants uuid[]) returns table (tenant_id uuid, ended_at timestamptz)
language sql stable security definer set search_path = public, pg_temp
as $$
  select asked.id, (select max(j.finished_at) from job_runs j where j.tenant_id = asked.id) from unnest(p_tenants) as asked (id)
$$;

-- For work that goes through all organizations, each under its own row-level security.
create function tenant_ids() returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$ select id from tenants order by id $$;

revoke execute on function lanes_meet(text[], text[]), claim_system_job(text, interval), open_jobs(uuid[]), last_job_ends(uuid[]), tenant_ids() from public;
grant execute on function lanes_meet(text[], text[]), claim_system_job(text, interval), open_jobs(uuid[]), last_job_ends(uuid[]), tenant_ids() to offgridflow_app;
-- Nothing in these belongs to an organization.
grant select, insert, update on system_job_runs, system_schedules to offgridflow_app;
grant select, insert, update, delete on job_workers to offgridflow_app;
