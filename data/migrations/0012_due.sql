-- What fell due in a period, open or not, is asked for by every summary.
CREATE INDEX incidents_due ON incidents (due_at, status, closed_at);
