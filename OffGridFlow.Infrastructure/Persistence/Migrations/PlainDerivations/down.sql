drop function whole_derivation(jsonb, json);
alter table emission_records alter column derivation type jsonb using derivation::jsonb;
