-- What was withdrawn would count again, so nothing of it may stand.
do $$
begin
  if exists (select from exchange_rates where is_withdrawn) or exists (select from price_indices where is_withdrawn) then
    raise exception 'Rates or price indices are withdrawn: give them a value again before this migration is taken back.';
  end if;
end $$;
alter table exchange_rates drop column is_withdrawn;
alter table price_indices drop column is_withdrawn;
