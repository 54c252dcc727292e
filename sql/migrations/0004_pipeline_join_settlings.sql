-- A join of thousands of parts is not counted anew at each arrival: only when so many parts have been settled that it may be complete.
alter table pipeline.joins add column settlings integer not null default 0;
comment on column pipeline.joins.settlings is 'how often a part was found settled, at least once each: below the number of parts nobody need count (volatile)';
-- Joins under way have not been counted so: count them each time.
update pipeline.joins set settlings = 1000000000 where completed_at is null;
