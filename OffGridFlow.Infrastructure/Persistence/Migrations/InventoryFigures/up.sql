-- What stands in the ledger gets its gases from what made it. Gases outside the Kyoto Protocol are in no figure.
update emission_records e set
  co2_kg_co2e = g.co2, ch4_kg_co2e = g.ch4, n2o_kg_co2e = g.n2o, hfcs_kg_co2e = g.hfcs, pfcs_kg_co2e = g.pfcs, sf6_kg_co2e = g.sf6, nf3_kg_co2e = g.nf3
from (
  select r.id,
    sum((gas ->> 'kgCo2e')::numeric) filter (where gas ->> 'gas' = 'CO2') as co2,
    sum((gas ->> 'kgCo2e')::numeric) filter (where gas ->> 'gas' in ('CH4', 'CH4 (fossil)', 'CH4 (non-fossil)')) as ch4,
    sum((gas ->> 'kgCo2e')::numeric) filter (where gas ->> 'gas' = 'N2O') as n2o,
    sum((gas ->> 'kgCo2e')::numeric) filter (where gas ->> 'gas' like 'HFC-%') as hfcs,
    sum((gas ->> 'kgCo2e')::numeric) filter (where gas ->> 'gas' like 'PFC-%') as pfcs,
    sum((gas ->> 'kgCo2e')::numeric) filter (where gas ->> 'gas' = 'SF6') as sf6,
    sum((gas ->> 'kgCo2e')::numeric) filter (where gas ->> 'gas' = 'NF3') as nf3
  from emission_records r cross join lateral jsonb_array_elements(r.derivation -> 'gases') as gas
  group by r.id) as g
where g.id = e.id;

-- And the kind of data that it was calculated from, by the rule of CalculationMethods. The list: activity types of scopes 1 and 2, which an entry may move to scope 3.
update emission_records e set calculation_method = case
  when a.entry_id is null then 'AverageData'
  when e.scope = 2 then 'PurchasedEnergy'
  when e.derivation is null then null
  when e.scope = 1 then case
    when e.derivation ->> 'activity' = 'process-gas' then 'Process'
    when e.derivation ->> 'activity' in ('refrigerant-leak', 'fugitive-gas') then 'Refrigerant'
    when e.derivation #>> '{unit,group}' in ('distance', 'passenger-distance', 'vehicle-distance', 'mass-distance') then 'Distance'
    else 'Fuel' end
  when n.worksheet ->> 'Method' = 'hybrid' then 'Hybrid'
  when n.worksheet ->> 'Method' in ('supplier-specific', 'supplier-product') then 'SupplierSpecific'
  when n.worksheet ->> 'Method' in ('floor-area', 'franchise') then 'AverageData'
  when e.derivation ->> 'step' = 'Reported' then case when e.category = 15 then 'InvestmentSpecific' else 'SupplierSpecific' end
  when e.derivation #>> '{unit,group}' like 'money %' then 'SpendBased'
  when e.category = 3 then 'AverageData'
  when e.category in (5, 12) then 'WasteTypeSpecific'
  when e.category in (8, 11, 13, 14) and e.derivation ->> 'activity' in (
    'natural-gas', 'lpg', 'propane', 'butane', 'cng-stationary', 'lng-stationary', 'gas-oil', 'diesel-stationary', 'burning-oil', 'fuel-oil', 'petrol-
    stationary', 'waste-oil', 'naphtha', 'coal-industrial', 'coal-commercial', 'coal-power', 'coking-coal', 'anthracite', 'lignite', 'coke',
    'petroleum-coke', 'wood-logs', 'wood-chips', 'wood-pellets', 'straw', 'biogas', 'landfill-gas', 'biomethane', 'biodiesel-stationary', 'hvo-
    stationary', 'municipal-waste', 'petrol', 'diesel', 'cng', 'lng', 'lpg-vehicles', 'bioethanol', 'biodiesel', 'hvo', 'aviation-turbine-fuel',
    'aviation-gasoline', 'marine-gas-oil', 'marine-fuel-oil', 'car-small-diesel', 'car-small-petrol', 'car-small-hybrid', 'car-medium-diesel', 'car-
    medium-petrol', 'car-medium-hybrid', 'car-large-diesel', 'car-large-petrol', 'car-large-hybrid', 'car-average-diesel', 'car-average-petrol', 'car-
    average-hybrid', 'car-average', 'van-class-1-diesel', 'van-class-1-petrol', 'van-class-2-diesel', 'van-class-2-petrol', 'van-class-3-diesel',
    'van-class-3-petrol', 'van-average-diesel', 'van-average-petrol', 'hgv-rigid-small', 'hgv-rigid-medium', 'hgv-rigid-large', 'hgv-articulated-
    small', 'hgv-articulated-large', 'hgv-average', 'motorbike-small', 'motorbike-medium', 'motorbike-large', 'motorbike-average', 'process-gas',
    'refrigerant-leak', 'fugitive-gas', 'electricity', 'heat', 'heat-onsite', 'steam', 'cooling')
    then case e.category when 11 then 'UsePhase' when 14 then 'FranchiseSpecific' else 'AssetSpecific' end
  when e.category = 15 then 'InvestmentSpecific'
  when e.derivation #>> '{unit,group}' in ('distance', 'passenger-distance', 'vehicle-distance', 'mass-distance') then 'DistanceBased'
  when e.category in (4, 6, 7, 9) and e.derivation ->> 'activity' in (
    'natural-gas', 'lpg', 'propane', 'butane', 'cng-stationary', 'lng-stationary', 'gas-oil', 'diesel-stationary', 'burning-oil', 'fuel-oil', 'petrol-
    stationary', 'waste-oil', 'naphtha', 'coal-industrial', 'coal-commercial', 'coal-power', 'coking-coal', 'anthracite', 'lignite', 'coke',
    'petroleum-coke', 'wood-logs', 'wood-chips', 'wood-pellets', 'straw', 'biogas', 'landfill-gas', 'biomethane', 'biodiesel-stationary', 'hvo-
    stationary', 'municipal-waste', 'petrol', 'diesel', 'cng', 'lng', 'lpg-vehicles', 'bioethanol', 'biodiesel', 'hvo', 'aviation-turbine-fuel',
    'aviation-gasoline', 'marine-gas-oil', 'marine-fuel-oil', 'car-small-diesel', 'car-small-petrol', 'car-small-hybrid', 'car-medium-diesel', 'car-
    medium-petrol', 'car-medium-hybrid', 'car-large-diesel', 'car-large-petrol', 'car-large-hybrid', 'car-average-diesel', 'car-average-petrol', 'car-
    average-hybrid', 'car-average', 'van-class-1-diesel', 'van-class-1-petrol', 'van-class-2-diesel', 'van-class-2-petrol', 'van-class-3-diesel',
    'van-class-3-petrol', 'van-average-diesel', 'van-average-petrol', 'hgv-rigid-small', 'hgv-rigid-medium', 'hgv-rigid-large', 'hgv-articulated-
    small', 'hgv-articulated-large', 'hgv-average', 'motorbike-small', 'motorbike-medium', 'motorbike-large', 'motorbike-average', 'process-gas',
    'refrigerant-leak', 'fugitive-gas', 'electricity', 'heat', 'heat-onsite', 'steam', 'cooling')
    then 'FuelBased'
  else 'AverageData' end
from activity_records a left join activity_entries n on n.id = a.entry_id
where a.id = e.activity_id;

-- The totals are added up anew: they are divided by one more column.
truncate monthly_totals;
insert into monthly_totals (tenant_id, month, scope, category, scope2_method, provider, account, service, region, usage_class, method, calculation_method, comparison_only,
  currency, activities, activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, kg_co2e, measured_kg_co2e, defaulted_kg_co2e, biogenic_kg_co2,
  submitted_kg_co2e, cost, unmapped_cost, co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e, hfcs_kg_co2e, pfcs_kg_co2e, sf6_kg_co2e, nf3_kg_co2e)
select e.tenant_id, e.month, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''), a.provider, a.account, a.service, a.region, a.usage_class, e.method,
  coalesce(e.calculation_method, ''), bool_or(e.comparison_only), a.currency, count(*), count(*) filter (where e.quality = 'Missing'), coalesce(sum(e.kilowatt_hours), 0),
  coalesce(sum(e.operational_kg_co2e), 0), coalesce(sum(e.embodied_kg_co2e), 0), coalesce(sum(e.kg_co2e), 0),
  coalesce(sum(e.kg_co2e) filter (where e.quality = 'Measured'), 0), sum(e.defaulted_kg_co2e), coalesce(sum(e.biogenic_kg_co2), 0),
  coalesce(sum(e.kg_co2e) filter (where a.entry_status = 'Submitted'), 0), sum(a.cost), coalesce(sum(a.cost) filter (where e.quality = 'Missing'), 0),
  coalesce(sum(e.co2_kg_co2e), 0), coalesce(sum(e.ch4_kg_co2e), 0), coalesce(sum(e.n2o_kg_co2e), 0), coalesce(sum(e.hfcs_kg_co2e), 0),
  coalesce(sum(e.pfcs_kg_co2e), 0), coalesce(sum(e.sf6_kg_co2e), 0), coalesce(sum(e.nf3_kg_co2e), 0)
from emission_records e
join emission_intervals i on i.emission_id = e.id and i.to_sequence is null
join activity_records a on a.id = e.activity_id
group by e.tenant_id, e.month, e.scope, e.category, e.scope2_method, a.provider, a.account, a.service, a.region, a.usage_class, e.method, e.calculation_method, a.currency;

grant insert (calculation_method, co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e, hfcs_kg_co2e, pfcs_kg_co2e, sf6_kg_co2e, nf3_kg_co2e) on emission_records to offgridflow_loader;
