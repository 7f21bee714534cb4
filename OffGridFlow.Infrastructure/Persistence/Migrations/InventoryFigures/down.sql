-- The totals are added up anew: they are divided by one column less.
truncate monthly_totals;
insert into monthly_totals (tenant_id, month, scope, category, scope2_method, provider, account, service, region, usage_class, method, comparison_only, currency,
  activities, activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, kg_co2e, measured_kg_co2e, defaulted_kg_co2e, biogenic_kg_co2,
  submitted_kg_co2e, cost, unmapped_cost)
select e.tenant_id, e.month, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''), a.provider, a.account, a.service, a.region, a.usage_class, e.method,
  bool_or(e.comparison_only), a.currency, count(*), count(*) filter (where e.quality = 'Missing'), coalesce(sum(e.kilowatt_hours), 0),
  coalesce(sum(e.operational_kg_co2e), 0), coalesce(sum(e.embodied_kg_co2e), 0), coalesce(sum(e.kg_co2e), 0),
  coalesce(sum(e.kg_co2e) filter (where e.quality = 'Measured'), 0), sum(e.defaulted_kg_co2e), coalesce(sum(e.biogenic_kg_co2), 0),
  coalesce(sum(e.kg_co2e) filter (where a.entry_status = 'Submitted'), 0), sum(a.cost), coalesce(sum(a.cost) filter (where e.quality = 'Missing'), 0)
from emission_records e
join emission_intervals i on i.emission_id = e.id and i.to_sequence is null
join activity_records a on a.id = e.activity_id
group by e.tenant_id, e.month, e.scope, e.category, e.scope2_method, a.provider, a.account, a.service, a.region, a.usage_class, e.method, a.currency;
