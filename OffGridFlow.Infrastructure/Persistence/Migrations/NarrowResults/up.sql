-- Of millions of results a third of the own part said what another key says: the days and the quantity of the entry once more, no gases, two zeros. From here on such keys are
-- left out and put back here. A key that is there counts, so what was written before is given back as it is; nothing is rewritten.
create or replace function whole_derivation(shared jsonb, own jsonb) returns jsonb
language sql immutable parallel safe
as $$
  -- What is small is put together first: the shared part is some kilobytes, and each concatenation copies.
  select coalesce(shared, '{}') || (
    jsonb_build_object(
      'from', own -> 'entryFrom', 'to', own -> 'entryTo', 'quantity', own -> 'entryQuantity', 'factorQuantity', coalesce(own -> 'quantity', own -> 'entryQuantity'),
      'gases', '[]'::jsonb, 'biogenicKgCo2', 0, 'nonKyotoKgCo2e', 0)
    || own
    || case when shared is not null and own ? 'energy' then jsonb_build_object('energy', coalesce(shared -> 'energy', '{}') || (own -> 'energy')) else '{}' end
    || case when shared is not null and own ? 'gases' then jsonb_build_object('gases', (
      select coalesce(jsonb_agg(s.gas || o.gas order by place), '[]')
      from jsonb_array_elements(shared -> 'gases') with ordinality s (gas, place)
      join jsonb_array_elements(own -> 'gases') with ordinality o (gas, place) using (place))) else '{}' end)
$$;
