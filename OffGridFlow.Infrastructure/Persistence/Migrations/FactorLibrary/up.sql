-- Emission factors: shipped sets (tenant_id null: every tenant reads them, the owner alone writes them, at the start) and tenants' own.
create table factor_sets (
  key uuid primary key,
  tenant_id uuid,
  id text collate "C" not null,
  family text collate "C" not null,
  edition text not null,
  publisher text not null,
  title text not null,
  vintage text not null,
  gwp_basis text,
  license text not null,
  source text not null,
  boundary text,
  cautions text[] not null,
  corrections jsonb not null,
  checksum text not null,
  factor_count integer not null,
  loaded_at timestamptz not null,
  created_by text,
  superseded_at timestamptz,
  version integer not null,
  unique nulls not distinct (tenant_id, id, checksum)
);

create table emission_factors (
  key uuid primary key,
  tenant_id uuid,
  set_key uuid not null references factor_sets,
  id text collate "C" not null,
  activity text collate "C" not null,
  name text not null,
  category text not null,
  unit text collate "C" not null,
  basis text not null,
  co2 numeric(28, 12),
  ch4 numeric(28, 12),
  n2o numeric(28, 12),
  co2e numeric(28, 12),
  biogenic_co2 numeric(28, 12),
  biogenic_methane boolean not null,
  other_gases jsonb not null,
  region text collate "C" not null,
  region_name text collate "C" not null,
  year integer not null,
  data_from date,
  data_to date,
  part text not null,
  supply text not null,
  scopes text not null,
  loss_share numeric(28, 12),
  uncertainty_percent numeric(28, 12),
  source_table text,
  note text,
  caution text,
  -- For the facet: what the figures hold, and CO2e where that is published.
  gases text[] not null,
  -- What else a factor is looked for by: publisher, edition, region, gases.
  words text not null,
  retired_at timestamptz,
  sort_name text collate "C" generated always as (lower(name collate "C")) stored,
  topic text collate "C" generated always as (split_part(category, ' > ', 1)) stored,
  -- Words as they stand, for beginnings and codes, and their English stems.
  search tsvector generated always as (
    setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('english', name), 'A')
    || setweight(to_tsvector('simple', category), 'B') || setweight(to_tsvector('english', category), 'B')
    || setweight(to_tsvector('simple', words), 'C')) stored,
  unique (set_key, id)
);

create index ix_emission_factors_search on emission_factors using gin (search);
create index ix_emission_factors_list on emission_factors (sort_name, region_name, (-year), activity, unit, key) where retired_at is null;
create index ix_emission_factors_neighbors on emission_factors (activity, unit);
create index ix_emission_factors_own on emission_factors (tenant_id) where tenant_id is not null;

-- What a tenant has decided about calculating.
create table calculation_policies (
  tenant_id uuid primary key,
  gwp text not null,
  set_order text[] not null,
  allows_proxy boolean not null,
  fixed_editions jsonb not null,
  editions_confirmed_at timestamptz,
  version integer not null,
  changed_by text not null,
  changed_at timestamptz not null
);

alter table factor_sets enable row level security;
alter table emission_factors enable row level security;
alter table calculation_policies enable row level security;
create policy tenant on factor_sets
  using (tenant_id is null or tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
create policy tenant on emission_factors
  using (tenant_id is null or tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
create policy tenant on calculation_policies using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));

-- No right to delete and none to change a figure: results name their factor. What is updated must be the tenant's own: the check of the
-- policy holds for the row as it becomes, and the tenant is no column of the grant.
grant select, insert on factor_sets, emission_factors to offgridflow_app;
grant update (title, source, license, superseded_at, version) on factor_sets to offgridflow_app;
grant update (retired_at) on emission_factors to offgridflow_app;
grant select, insert, update on calculation_policies to offgridflow_app;

-- The factors whose texts hold every word, or a word that begins so; rank 0 where the name begins with the
-- text, 1 where all words are in the name, 2 else. Under row security the
-- planner may not ask the index before it has asked the policy of each row, so the tenant's condition stands here, and callers read the
-- rows themselves under the policy.
create function search_factors(p_text text) returns table (factor uuid, rank integer)
language plpgsql stable security definer set search_path = public, pg_temp rows 400
as $$
declare
  word text;
  quoted text;
  part tsquery;
  wanted tsquery;
  in_name tsquery;
begin
  foreach word in array regexp_split_to_array(trim(p_text), '\s+') loop
    quoted := '''' || replace(replace(word, '\', '\\'), '''', '''''') || ''':*';
    part := to_tsquery('simple', quoted) || to_tsquery('english', quoted);
    if numnode(part) > 0 then
      wanted := case when wanted is null then part else wanted && part end;
      part := to_tsquery('simple', quoted || 'A') || to_tsquery('english', quoted || 'A');
      in_name := case when in_name is null then part else in_name && part end;
    end if;
  end loop;
  if wanted is not null then
    return query
      select f.key, case when starts_with(f.sort_name, lower(trim(p_text))) then 0 when f.search @@ in_name then 1 else 2 end from emission_factors f
      where f.search @@ wanted and (f.tenant_id is null or f.tenant_id = current_tenant());
    if found then
      return;
    end if;
  end if;
  -- A part of a word, or of an id.
  return query
    select f.key, 2 from emission_factors f
    where strpos(lower(f.name || ' ' || f.category || ' ' || f.id), lower(trim(p_text))) > 0 and (f.tenant_id is null or f.tenant_id = current_tenant());
end $$;

revoke execute on function search_factors(text) from public;
grant execute on function search_factors(text) to offgridflow_app;
