-- What results that were made alike have in common: activity, units, factor with its set, potentials, losing factors, contract. The id is the first half of the
-- SHA-256 of it, so that the same is stored once whoever writes it, and what is stored under an id is never another.
create table derivations (
  tenant_id uuid not null,
  id bytea not null,
  content jsonb not null,
  primary key (tenant_id, id)
);
alter table derivations enable row level security;
create policy tenant on derivations using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
-- Append-only, as the results: a result can be recomputed as long as it stands.
grant select, insert on derivations to offgridflow_app;

-- Null: derivation is the whole of it, as of results from before. Not a foreign key: nobody may delete from derivations, and a look-up and a lock for each of
-- millions of results would guard against nothing.
alter table emission_records add column derivation_id bytea;
grant insert (derivation_id) on emission_records to offgridflow_loader;

-- The one place that puts a derivation together. A result's own part has its masses in gases, in the order of those that are shared.
create function whole_derivation(shared jsonb, own jsonb) returns jsonb
language sql immutable parallel safe
as $$
  select case when shared is null or own is null then own else shared || own || jsonb_build_object('gases', (
    select coalesce(jsonb_agg(s.gas || o.gas order by place), '[]')
    from jsonb_array_elements(shared -> 'gases') with ordinality s (gas, place)
    join jsonb_array_elements(own -> 'gases') with ordinality o (gas, place) using (place))) end
$$;
revoke all on function whole_derivation(jsonb, jsonb) from public;
grant execute on function whole_derivation(jsonb, jsonb) to offgridflow_app;
