-- The former function does not know what is left out. Of results that have their derivation whole nothing is.
update emission_records e set derivation = whole_derivation(null, e.derivation)::json
where e.derivation_id is not null
  and not e.derivation::jsonb ?& array['from', 'to', 'quantity', 'factorQuantity', 'gases', 'biogenicKgCo2', 'nonKyotoKgCo2e'];

create or replace function whole_derivation(shared jsonb, own jsonb) returns jsonb
language sql immutable parallel safe
as $$
  select case when shared is null or own is null then own else shared || own
    || case when own ? 'energy' then jsonb_build_object('energy', coalesce(shared -> 'energy', '{}') || (own -> 'energy')) else '{}' end
    || jsonb_build_object('gases', (
      select coalesce(jsonb_agg(s.gas || o.gas order by place), '[]')
      from jsonb_array_elements(shared -> 'gases') with ordinality s (gas, place)
      join jsonb_array_elements(own -> 'gases') with ordinality o (gas, place) using (place))) end
$$;
