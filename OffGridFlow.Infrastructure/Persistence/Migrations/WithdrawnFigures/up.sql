alter table exchange_rates add column is_withdrawn boolean not null default false;
alter table exchange_rates alter column is_withdrawn drop default;
alter table price_indices add column is_withdrawn boolean not null default false;
alter table price_indices alter column is_withdrawn drop default;
