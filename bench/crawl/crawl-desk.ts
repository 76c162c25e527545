// The program's own scan of a structured shop, with the program's own frontier in SQLite: node crawl-desk.ts URL FILE
import BetterSqlite3 from 'better-sqlite3';
import { systemRandom } from '#kernel/random.ts';
import { systemClock } from '#kernel/time.ts';
import { ADD_FOUND, CLAIM_DUE, COUNT_STATES, NEXT_DUE, RELEASE, SETTLE } from '#engine/sources/frontier-sql.ts';
import type { CrawlFrontier, CrawlStep, FrontierClaim } from '#engine/sources/ports.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import { createFetcher } from '#scrapers/core/fetch/fetcher.ts';
import type { PageStore, Validators } from '#scrapers/core/fetch/page-store.ts';
import { createStructuredShopAdapter } from '#scrapers/sites/structured-shop/fetch.ts';
import { CONCURRENCY, printFigures } from './shop-size.ts';

const [url = '', file = ''] = process.argv.slice(2);

const SOURCE = 'src_bench';
const RUN = 'run_bench';
/** As `prisma/schema.prisma` has it. */
const TABLE = `CREATE TABLE "FrontierUrl" (sourceId TEXT NOT NULL, key TEXT NOT NULL, runId TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, depth INTEGER NOT NULL, priority INTEGER NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, dueAt BIGINT NOT NULL, leaseUntil BIGINT, owner TEXT, changed TEXT, error TEXT, PRIMARY KEY (sourceId, key)); CREATE INDEX frontier_state ON "FrontierUrl" (sourceId, state, priority)`;

/** The statements of the program's own frontier, over the bench's own connection: Prisma's would weigh on its memory, and is measured elsewhere. */
function createFrontier(db: BetterSqlite3.Database) {
  const counts = { queued: 0, done: 0, failed: 0 };
  const statements = new Map<string, BetterSqlite3.Statement>();
  const bound = (sql: string, ...values: (string | number | null)[]): [BetterSqlite3.Statement, (string | number | bigint | null)[]] => {
    const [text, ...rest] = numbered(sql, ...values);
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = db.prepare(text)));
    return [statement, rest];
  };
  const run = (sql: string, ...values: (string | number | null)[]) => { const [s, v] = bound(sql, ...values); s.run(...v); };
  const all = <Row>(sql: string, ...values: (string | number | null)[]) => { const [s, v] = bound(sql, ...values); return s.all(...v) as Row[]; };
  const write = ({ settled, found }: CrawlStep) => {
    if (settled.length > 0) run(SETTLE, SOURCE, JSON.stringify(settled.map((o) => [o.key, o.state === 'again' ? 'queued' : o.state, o.dueAt ?? null, o.error ?? null])));
    if (found.length > 0) counts.queued += all<{ kind: string }>(ADD_FOUND, SOURCE, RUN, Date.now(), JSON.stringify(found.map((f) => [f.key, f.url, f.kind, f.depth, f.priority, f.changed ?? null]))).filter((a) => a.kind === 'page').length;
    for (const { kind, state } of settled) {
      if (kind !== 'page' || state === 'again') continue;
      counts.queued -= 1;
      counts[state] += 1;
    }
  };
  const add = db.transaction(write);
  const claim = db.transaction((kind: string, limit: number, upTo: number) => all<FrontierClaim & { place: number }>(CLAIM_DUE, SOURCE, kind, upTo, Date.now(), limit, 'bench', Date.now() + 1_800_000));
  const frontier: CrawlFrontier = {
    isEmpty: () => Promise.resolve(all<{ n: number }>(COUNT_STATES, SOURCE, RUN).length === 0),
    add: (step) => Promise.resolve(add(step)),
    claim: (kind, limit, upTo = 1_000_000) => Promise.resolve(claim(kind, limit, upTo).toSorted((a, b) => a.priority - b.priority || a.place - b.place)),
    release: (keys) => Promise.resolve(run(RELEASE, SOURCE, JSON.stringify(keys))),
    nextDueAt: () => Promise.resolve(all<{ dueAt: number | null }>(NEXT_DUE, SOURCE)[0]?.dueAt ?? null),
    counts: () => Promise.resolve({ ...counts }),
  };
  return { frontier, write };
}

/** Frontier, offers and page versions: one transaction a step, so that a killed scan goes on where it was. */
function openFrontier(path: string) {
  const db = new BetterSqlite3(path);
  db.pragma('journal_mode = WAL');
  db.exec(`${TABLE}; CREATE TABLE page (url TEXT PRIMARY KEY, validators TEXT NOT NULL); CREATE TABLE offer (externalId TEXT PRIMARY KEY, offer TEXT NOT NULL)`);
  const { frontier, write } = createFrontier(db);
  const addOffer = db.prepare('INSERT OR REPLACE INTO offer (externalId, offer) VALUES (?, ?)');
  const getPage = db.prepare<[string], { validators: string }>('SELECT validators FROM page WHERE url = ?');
  const putPage = db.prepare('INSERT OR REPLACE INTO page (url, validators) VALUES (?, ?)');
  const pages: PageStore = {
    get: (key) => {
      const row = getPage.get(key);
      return Promise.resolve(row ? (JSON.parse(row.validators) as Validators) : null);
    },
    put: (key, validators) => {
      putPage.run(key, JSON.stringify(validators));
      return Promise.resolve();
    },
  };
  const store = db.transaction((step: CrawlStep, offers: readonly { readonly externalId: string }[]) => {
    for (const offer of offers) addOffer.run(offer.externalId, JSON.stringify(offer));
    write(step);
  });
  return { pages, frontier, store, close: () => db.close() };
}

const startedAt = performance.now();
const frontier = openFrontier(file);
const fetcher = createFetcher({ clock: systemClock, random: systemRandom, store: frontier.pages, userAgent: 'ResaleDesk/bench (+https://example.org)' });
const opened = createStructuredShopAdapter({ clock: systemClock, fetcher }).open({ baseUrl: url, politeness: { allowLoopback: true, concurrency: CONCURRENCY } });
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
let offers = 0;
for await (const step of opened.value.scan({ signal: new AbortController().signal, frontier: frontier.frontier })) {
  if (step.crawl) frontier.store(step.crawl, step.offers);
  offers += step.offers.filter((offer) => offer.identifiers.length > 0 && offer.title !== '').length;
}
printFigures(offers, startedAt);
await opened.value.close();
await fetcher.close();
frontier.close();
