do $$
declare
  owned text;
begin
  foreach owned in array array['account_maps', 'exchange_rates', 'price_indices']
  loop
    execute format('alter table %I enable row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', owned);
  end loop;
end $$;

grant select, insert, update, delete on account_maps to offgridflow_app;
-- A figure becomes another or stays; what results were made with is not taken away.
grant select, insert, update on exchange_rates, price_indices to offgridflow_app;

alter table activity_entries add constraint activity_entries_category check (category between 1 and 15);
alter table exchange_rates add constraint exchange_rates_value check (value > 0);
alter table price_indices add constraint price_indices_value check (value > 0);
