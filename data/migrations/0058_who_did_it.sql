-- Whoever writes is named: who last changed a scenario, who forgot one (the change log tells), who revoked a key.
CREATE FUNCTION acting() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('gridmap.actor', true), ''), session_user)
$$;

ALTER TABLE coverage_scenarios ADD COLUMN updated_by text, ADD COLUMN version integer NOT NULL DEFAULT 1;
-- Who changed it before this was kept, nobody knows.
UPDATE coverage_scenarios SET updated_by = owner WHERE updated_at = created_at;
ALTER TABLE coverage_scenarios ALTER COLUMN updated_by SET DEFAULT acting();

CREATE FUNCTION note_scenario_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    NEW.updated_by := acting();
    RETURN NEW;
END $$;
CREATE TRIGGER coverage_scenarios_note BEFORE UPDATE ON coverage_scenarios FOR EACH ROW EXECUTE FUNCTION note_scenario_change();
CALL follow_changes('coverage_scenarios');

ALTER TABLE api_keys ADD COLUMN revoked_by text;
CREATE FUNCTION note_revoking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revoked_by := acting();
    RETURN NEW;
END $$;
CREATE TRIGGER api_keys_note BEFORE UPDATE ON api_keys FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION note_revoking();
