-- What counts as money from outside when a rebalance looks at what may be bought beside the turnover budget.
comment on column portfolio.rebalances.inflow is 'money from outside (deposits, dividends) that no buy has used yet, in the base currency; below zero what was taken out since the last report beyond what came in';
