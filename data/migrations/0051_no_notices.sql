-- No NOTIFY for a change. Transactions that notify commit one after the other, each waiting for the disk alone, so that many writers were as slow as one.
-- Whoever follows the log looks at it every 100 ms instead, which costs the server less than a notice for every write did.
CREATE OR REPLACE FUNCTION log_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' OR coalesce(current_setting('gridmap.bulk', true), '') = 'on' THEN
        INSERT INTO changes (table_name, op) VALUES (TG_TABLE_NAME, 'reload');
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO changes (table_name, op, row_id) SELECT TG_TABLE_NAME, 'insert', id FROM new_rows;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO changes (table_name, op, row_id) SELECT TG_TABLE_NAME, 'update', id FROM new_rows;
    ELSE
        INSERT INTO changes (table_name, op, row_id) SELECT TG_TABLE_NAME, 'delete', id FROM old_rows;
    END IF;
    RETURN NULL;
END $$;
