-- What generates, as the contract says; a contract from before this says it by its technology, where that is one word of the form's list.
alter table contractual_instruments add column renewable_percent numeric(28, 12), add column nuclear_percent numeric(28, 12);
update contractual_instruments set renewable_percent = 100, nuclear_percent = 0
where lower(btrim(technology)) in ('wind', 'solar', 'hydro', 'biomass', 'geothermal');
update contractual_instruments set renewable_percent = 0, nuclear_percent = 100 where lower(btrim(technology)) = 'nuclear';

-- The energy of a result is a part of what made it (docs/methods/energy.md). Here it stands once more, to be added up without reading the whole derivation.
alter table emission_records
  add column energy_carrier text generated always as (derivation -> 'energy' ->> 'carrier') stored,
  add column energy_gap text generated always as (derivation -> 'energy' ->> 'gap') stored,
  add column energy_kwh numeric(28, 12) generated always as ((derivation -> 'energy' ->> 'kilowattHours')::numeric(28, 12)) stored,
  add column energy_renewable_kwh numeric(28, 12) generated always as ((derivation -> 'energy' ->> 'renewableKilowattHours')::numeric(28, 12)) stored,
  add column energy_nuclear_kwh numeric(28, 12) generated always as ((derivation -> 'energy' ->> 'nuclearKilowattHours')::numeric(28, 12)) stored,
  add column energy_unstated boolean generated always as ((derivation -> 'energy' ->> 'isUnstated')::boolean) stored;

-- Own operations alone are looked through, and of them what burns, moves or is bought as energy.
create index ix_emission_records_energy on emission_records (tenant_id, month)
  where scope < 3 and calculation_method in ('Fuel', 'Distance', 'PurchasedEnergy', 'OwnEnergy');

-- Results from before fingerprints are compared by their figures, which are the same: marked, so that a run finds that they lack their energy.
update entry_results p set fingerprint = '\x00'
where p.fingerprint = '\x' and exists (
  select from emission_records e
  where e.activity_id = p.activity_id and e.scope < 3 and e.calculation_method in ('Fuel', 'Distance', 'PurchasedEnergy'));
