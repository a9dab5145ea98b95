-- An UPDATE that gives a row another id is told as what it is to whoever follows: the old id is gone, the new one is new.
CREATE OR REPLACE FUNCTION log_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' OR coalesce(current_setting('gridmap.bulk', true), '') = 'on' THEN
        INSERT INTO changes (table_name, op) VALUES (TG_TABLE_NAME, 'reload');
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO changes (table_name, op, row_id) SELECT TG_TABLE_NAME, 'insert', id FROM new_rows;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO changes (table_name, op, row_id)
        SELECT TG_TABLE_NAME, CASE WHEN old_rows.id IS NULL THEN 'insert' WHEN new_rows.id IS NULL THEN 'delete' ELSE 'update' END, id
        FROM new_rows FULL JOIN old_rows USING (id);
    ELSE
        INSERT INTO changes (table_name, op, row_id) SELECT TG_TABLE_NAME, 'delete', id FROM old_rows;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE PROCEDURE follow_changes(followed regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER changes_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes()', followed);
    EXECUTE format('CREATE OR REPLACE TRIGGER changes_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes()', followed);
    EXECUTE format('CREATE OR REPLACE TRIGGER changes_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes()', followed);
    EXECUTE format('CREATE OR REPLACE TRIGGER changes_truncate AFTER TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes()', followed);
END $$;

DO $$
DECLARE
    followed regclass;
BEGIN
    FOR followed IN SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'changes_update' AND tgfoid = 'log_changes'::regproc LOOP
        CALL follow_changes(followed);
    END LOOP;
END $$;
