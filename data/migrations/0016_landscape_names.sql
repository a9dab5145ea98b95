-- Water, green and squares are named in both languages, as roads are.
ALTER TABLE landscapes ADD COLUMN name_en text NOT NULL DEFAULT '';
