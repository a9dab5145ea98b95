-- What a facility does for people (服务事项): codes of the catalogue service-items, semicolons in between, as OpenStreetMap writes several values.

ALTER TABLE facilities ADD COLUMN service_items text NOT NULL DEFAULT '';
ALTER TABLE facilities ADD CONSTRAINT facilities_service_items_are_codes CHECK (service_items ~ '^([a-z][a-z0-9-]{0,59}(;[a-z][a-z0-9-]{0,59})*)?$');

CREATE FUNCTION know_service_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unknown text;
BEGIN
    SELECT item INTO unknown FROM unnest(string_to_array(nullif(NEW.service_items, ''), ';')) AS item
    WHERE NOT EXISTS (SELECT FROM catalogue_entries WHERE catalogue = 'service-items' AND code = item) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'service item % is not in the catalogue', unknown USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'facilities_service_items_fk';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facilities_c_service_items BEFORE INSERT OR UPDATE OF service_items ON facilities
    FOR EACH ROW WHEN (NEW.service_items <> '') EXECUTE FUNCTION know_service_items();
