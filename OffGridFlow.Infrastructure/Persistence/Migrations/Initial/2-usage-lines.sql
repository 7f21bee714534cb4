-- The tenant of the transaction, or null. Set by the application with set_config(…, true): for the transaction only.
create function current_tenant() returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('offgridflow.tenant_id', true), '')::uuid $$;

-- A time-ordered UUID (version 7, RFC 9562), for rows that set-based statements make.
create function new_id() returns uuid
language sql volatile parallel safe
as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- One row per line of a bill; by far the largest table, hence no UUID and no foreign key.
-- tenant_id comes from the transaction, never from the loader: it has no right to write the column.
create table usage_lines (
  billing_month date not null,
  batch_number bigint not null,
  line bigint not null,
  tenant_id uuid not null default current_tenant(),
  kind_id integer not null,
  is_usage boolean not null,
  amount numeric(28, 12),
  cost numeric(28, 12) not null,
  start_at timestamptz not null,
  end_at timestamptz,
  line_id bigint,
  resource text,
  tags jsonb
) partition by list (billing_month);

-- Lines lie in the order of their file, and are asked for by batch and span of lines: a block range index finds them at a hundredth of
-- the cost that a tree has on every insert. That a line is there once is the load's transaction's doing.
create index ix_usage_lines_place on usage_lines using brin (batch_number, line) with (pages_per_range = 16);

-- Makes the partition of a billing month stand-alone and attaches it, so that running loads and queries are not held up.
-- No rights are granted on partitions: a partition asked directly would not apply the parent's policy.
create function create_usage_partition(p_month date) returns void
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  partition text := 'usage_lines_' || to_char(p_month, 'YYYY_MM');
begin
  if p_month is null or p_month <> date_trunc('month', p_month)::date or p_month < date '2006-01-01' or p_month > current_date + interval '2 years' then
    raise exception 'No partition for %: not the first day of a plausible month', p_month using errcode = 'check_violation';
  end if;
  if to_regclass(partition) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('offgridflow.create_usage_partition', 0));
  -- Asked of the table: to_regclass would answer from what this session remembers of before the wait.
  if exists (select from pg_class where relname = partition and relnamespace = 'public'::regnamespace) then
    return;
  end if;
  execute format('create table %I (like usage_lines including defaults including indexes)', partition);
  execute format('alter table %I add constraint %I check (billing_month = %L)', partition, partition || '_month', p_month);
  execute format('alter table usage_lines attach partition %I for values in (%L)', partition, p_month);
  execute format('alter table %I drop constraint %I', partition, partition || '_month');
end $$;

-- Clears what an earlier, unfinished attempt of an import left: batches that never became visible.
create function discard_loading_batches(p_import uuid) returns void
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  batch record;
begin
  for batch in
    select number, billing_month from import_batches
    where import_id = p_import and tenant_id = current_tenant() and state = 'Loading'
  loop
    delete from usage_lines where billing_month = batch.billing_month and batch_number = batch.number;
    delete from usage_summaries where batch_number = batch.number;
    delete from import_batches where number = batch.number;
  end loop;
  delete from rejected_rows r using imports i
  where r.import_id = p_import and i.id = p_import and i.tenant_id = current_tenant() and i.status in ('Queued', 'Running');
end $$;

-- A load that fills an empty ledger leaves the planner without statistics, and the publishing joins without a plan that ends.
create function analyze_ledger() returns void
language sql security definer set search_path = public, pg_temp
as $$ analyze usage_kinds, usage_summaries, import_batches, activity_records, emission_records, emission_intervals, monthly_totals $$;
