-- The notes of one code are looked through by themselves: the rare ones must not be searched for among the many.
create index import_refusals_code_idx on import_refusals (run_id, code, file, number);
