-- A duty that comes from another register carries its code there, so that the same import a second time knows it again.
ALTER TABLE duties ADD COLUMN code text;
ALTER TABLE duties ADD CONSTRAINT duties_code_unique UNIQUE (code);
