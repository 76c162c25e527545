/** The statements of the frontier. Each takes `?1` …; see `numbered`. Kept apart from the repo so that the crawl bench measures these very statements. */

/** Of other runs: a source has one pass at a time. ?1 source, ?2 run. */
export const FORGET_OTHER_RUNS = `DELETE FROM "FrontierUrl" WHERE sourceId = ?1 AND runId <> ?2`;

/** Claims of another start of the program died with it; those of this one end with their lease. ?1 source, ?2 this start, ?3 now. */
export const FREE_DEAD_CLAIMS = `UPDATE "FrontierUrl" SET state = 'queued', owner = NULL, leaseUntil = NULL WHERE sourceId = ?1 AND state = 'claimed' AND (owner <> ?2 OR leaseUntil <= ?3)`;

/** ?1 source, ?2 run, ?3 now, ?4 entries as `[[key, url, kind, depth, priority, changed], …]`. What is known stays as it is. */
export const ADD_FOUND = `INSERT INTO "FrontierUrl" (sourceId, key, runId, url, kind, depth, priority, state, attempts, dueAt, changed)
  SELECT ?1, value->>0, ?2, value->>1, value->>2, value->>3, value->>4, 'queued', 0, ?3, value->>5 FROM json_each(?4) WHERE true ON CONFLICT (sourceId, key) DO NOTHING RETURNING kind`;

/** The index gives them in order: by priority, then as they came. ?1 source, ?2 kind, ?3 highest priority, ?4 now, ?5 limit, ?6 owner, ?7 lease. */
export const CLAIM_DUE = `UPDATE "FrontierUrl" SET state = 'claimed', owner = ?6, leaseUntil = ?7, attempts = attempts + 1
  WHERE rowid IN (SELECT rowid FROM "FrontierUrl" WHERE sourceId = ?1 AND state = 'queued' AND kind = ?2 AND priority <= ?3 AND dueAt <= ?4 ORDER BY priority, rowid LIMIT ?5)
  RETURNING rowid AS place, key, url, kind, depth, priority, changed, attempts`;

/** By the outcomes, not by the source: a planner without figures would look at every row of it. ?1 source, ?2 outcomes as `[[key, state, dueAt, error], …]`. */
export const SETTLE = `UPDATE "FrontierUrl" SET (state, dueAt, error) = (SELECT w.value->>1, coalesce(w.value->>2, "FrontierUrl".dueAt), w.value->>3 FROM json_each(?2) w WHERE w.value->>0 = "FrontierUrl".key), owner = NULL, leaseUntil = NULL
  WHERE rowid IN (SELECT f.rowid FROM json_each(?2) w CROSS JOIN "FrontierUrl" f ON f.sourceId = ?1 AND f.key = w.value->>0)`;

/** A claim that came to nothing does not count as a try. ?1 source, ?2 keys as JSON. */
export const RELEASE = `UPDATE "FrontierUrl" SET state = 'queued', owner = NULL, leaseUntil = NULL, attempts = attempts - 1 WHERE sourceId = ?1 AND state = 'claimed' AND key IN (SELECT value FROM json_each(?2))`;

/** ?1 source, ?2 run. */
export const COUNT_STATES = `SELECT kind, state, count(*) AS n FROM "FrontierUrl" WHERE sourceId = ?1 AND runId = ?2 GROUP BY kind, state`;

/** ?1 source. */
export const NEXT_DUE = `SELECT min(dueAt) AS dueAt FROM "FrontierUrl" WHERE sourceId = ?1 AND state = 'queued'`;
