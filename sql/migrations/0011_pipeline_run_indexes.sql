-- What people ask of runs is answered from an index, however many there are.
create index runs_of_workflow on pipeline.runs (workflow, started desc, run desc);
create index runs_of_key on pipeline.runs (key, started desc);
create index runs_of_parent on pipeline.runs (parent, started) where parent is not null;
create index runs_not_ok on pipeline.runs (state, started desc) where state <> 'ok';
