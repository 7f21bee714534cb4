update entry_results set fingerprint = '\x' where fingerprint = '\x00';
drop index ix_emission_records_energy;
alter table emission_records
  drop column energy_unstated, drop column energy_nuclear_kwh, drop column energy_renewable_kwh, drop column energy_kwh, drop column energy_gap, drop column energy_carrier;
alter table contractual_instruments drop column nuclear_percent, drop column renewable_percent;
