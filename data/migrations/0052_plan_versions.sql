-- What each version of a draft made different: two planners at one plan stand in each other's way only where they touch the same grids.

CREATE TABLE plan_versions (
    plan_id bigint NOT NULL,
    version integer NOT NULL,
    kind    text NOT NULL,
    touched integer[] NOT NULL,                    -- the draft's numbers of the grids that are different or gone since the version before
    made_at timestamptz NOT NULL DEFAULT now(),
    made_by text NOT NULL,
    CONSTRAINT plan_versions_pk PRIMARY KEY (plan_id, version),
    CONSTRAINT plan_versions_plan_fk FOREIGN KEY (plan_id) REFERENCES plans (id) ON DELETE CASCADE,
    CONSTRAINT plan_versions_kind_known CHECK (kind IN ('edit', 'undo', 'redo'))
);
