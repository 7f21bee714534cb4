-- What the cells of a place and year are known by: whatever writes one of them gives them another mark, so that whoever remembers them sees in any transaction
-- whether they still stand there (docs/decisions/0045-cells-remembered-by-place-and-year.md).
create table monthly_totals_marks (
  tenant_id uuid not null,
  account text not null,
  provider varchar(20) not null,
  year integer not null,
  mark uuid not null,
  constraint pk_monthly_totals_marks primary key (tenant_id, account, provider, year)
);
alter table monthly_totals_marks enable row level security;
create policy tenant on monthly_totals_marks using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert on monthly_totals_marks to offgridflow_app;
grant update (mark) on monthly_totals_marks to offgridflow_app;

-- In the order of the key, so that two writers wait for each other and never in a circle.
create function mark_monthly_totals() returns trigger
language plpgsql set search_path = public, pg_temp
as $$
begin
  insert into monthly_totals_marks as m (tenant_id, account, provider, year, mark)
  select tenant_id, account, provider, year, gen_random_uuid()
  from (select distinct tenant_id, account, provider, extract(year from month)::integer as year from changed) c
  order by tenant_id, account, provider, year
  on conflict (tenant_id, account, provider, year) do update set mark = excluded.mark;
  return null;
end $$;

-- A cell may be given to another place or month.
create function mark_moved_monthly_totals() returns trigger
language plpgsql set search_path = public, pg_temp
as $$
begin
  insert into monthly_totals_marks as m (tenant_id, account, provider, year, mark)
  select tenant_id, account, provider, year, gen_random_uuid()
  from (
    select tenant_id, account, provider, extract(year from month)::integer as year from before
    union select tenant_id, account, provider, extract(year from month)::integer from changed) c
  order by tenant_id, account, provider, year
  on conflict (tenant_id, account, provider, year) do update set mark = excluded.mark;
  return null;
end $$;

revoke execute on function mark_monthly_totals(), mark_moved_monthly_totals() from public;

create trigger monthly_totals_inserted after insert on monthly_totals referencing new table as changed for each statement execute function mark_monthly_totals();
create trigger monthly_totals_deleted after delete on monthly_totals referencing old table as changed for each statement execute function mark_monthly_totals();
create trigger monthly_totals_updated after update on monthly_totals referencing old table as before new table as changed
  for each statement execute function mark_moved_monthly_totals();

insert into monthly_totals_marks (tenant_id, account, provider, year, mark)
select tenant_id, account, provider, year, gen_random_uuid()
from (select distinct tenant_id, account, provider, extract(year from month)::integer as year from monthly_totals) c;
analyze monthly_totals_marks;
