update emission_records e set derivation = whole_derivation(d.content, e.derivation)
from derivations d where d.tenant_id = e.tenant_id and d.id = e.derivation_id;
revoke insert (derivation_id) on emission_records from offgridflow_loader;
alter table emission_records drop column derivation_id;
drop function whole_derivation(jsonb, jsonb);
drop table derivations;
