-- What the changes of runs tell becomes rows again, in locked months too: nothing moves.
alter table emission_intervals disable trigger user;
insert into emission_intervals (tenant_id, activity_id, proposal_id, from_sequence, to_sequence)
select tenant_id, activity_id, proposal_id, from_sequence, to_sequence from emission_history where entry_id is not null;
alter table emission_intervals enable trigger user;
drop view emission_history;

drop policy ended on emission_intervals;
revoke update (proposal_id, from_sequence) on emission_intervals from offgridflow_app;
alter table emission_intervals set (fillfactor = 50);
alter table emission_intervals drop constraint ck_emission_intervals_forwards;
drop index ix_emission_intervals_activity_id_to_sequence;
alter table emission_intervals add constraint pk_emission_intervals primary key (activity_id, from_sequence);

alter table calculation_run_changes drop column proposal_before, drop column sequence_before;

create or replace function refuse_locked_results() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  held text;
begin
  if not exists (select from reporting_periods p where p.state in ('Locked', 'Filed') and p.tenant_id in (select m.tenant_id from moved m limit 1)) then
    return null;
  end if;
  -- By the days of the activities first: most of a large run touch no locked month, and of those no result is read.
  select p.name into held from reporting_periods p
  where p.state in ('Locked', 'Filed') and exists (
    select from moved m
    join activity_records a on a.id = m.activity_id
      and a.period_end >= date_trunc('month', p.first_day)::date and a.period_start < (date_trunc('month', p.last_day) + interval '1 month')::date
    where m.tenant_id = p.tenant_id and exists (
      select from emission_records e where e.activity_id = m.activity_id and e.proposal_id is not distinct from m.proposal_id
        and e.month between date_trunc('month', p.first_day)::date and p.last_day))
  order by p.first_day limit 1;
  if held is not null then
    raise exception '% is locked: no result of its months changes. Reopen it with a reason, or enter the correction in an open period.', held using errcode = 'OG001';
  end if;
  return null;
end $$;

analyze emission_intervals;
