drop function open_jobs(uuid[]), last_job_ends(uuid[]), claim_system_job(text, interval), tenant_ids();

create or replace function claim_job(p_worker text, p_lease interval) returns setof job_runs
language sql security definer set search_path = public, pg_temp
as $$
  update job_runs set
    state = 'Running', attempts = attempts + 1, fence = fence + 1, worker = p_worker, heartbeat_at = now(),
    started_at = coalesce(started_at, now())
  where id = (
    select id from job_runs
    where state = 'Queued' or (state = 'Running' and heartbeat_at < now() - p_lease)
    order by queued_at
    limit 1
    for update skip locked)
  returning *
$$;

drop function lanes_meet(text[], text[]);
