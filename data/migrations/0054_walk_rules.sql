-- How a road is walked, where its class does not say it all: moving stairs, turnstiles and one-way paths of a park let people through in one direction
-- only, and a steep or crowded way takes longer than its metres.

ALTER TABLE roads
    ADD COLUMN walk_direction text NOT NULL DEFAULT 'both',    -- along the line, against it, or both
    ADD COLUMN walk_factor    double precision,                -- metres of effort for a metre; null: what the class says
    ADD CONSTRAINT roads_walk_direction_known CHECK (walk_direction IN ('both', 'forward', 'backward')),
    ADD CONSTRAINT roads_walk_factor_in_range CHECK (walk_factor BETWEEN 1 AND 20);
