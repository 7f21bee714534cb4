drop trigger monthly_totals_inserted on monthly_totals;
drop trigger monthly_totals_deleted on monthly_totals;
drop trigger monthly_totals_updated on monthly_totals;
drop function mark_monthly_totals();
drop function mark_moved_monthly_totals();
drop table monthly_totals_marks;
