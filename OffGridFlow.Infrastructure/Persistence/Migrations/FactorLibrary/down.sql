drop function search_factors(text);
drop table calculation_policies, emission_factors, factor_sets;
