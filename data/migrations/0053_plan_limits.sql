-- What a plan's grids may have besides households: {"residents": {"least": 0, "most": 2000}, …}.

ALTER TABLE plans ADD COLUMN limits jsonb NOT NULL DEFAULT '{}';
