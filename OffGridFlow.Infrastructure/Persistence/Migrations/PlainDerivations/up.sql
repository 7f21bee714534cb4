-- A run writes millions of these and reads few: as jsonb each of their numbers is converted on the way in, which took more than a quarter of the time of writing.
alter table emission_records alter column derivation type json using derivation::json;

create function whole_derivation(shared jsonb, own json) returns jsonb
language sql immutable parallel safe
as $$ select whole_derivation(shared, own::jsonb) $$;
revoke all on function whole_derivation(jsonb, json) from public;
grant execute on function whole_derivation(jsonb, json) to offgridflow_app;
