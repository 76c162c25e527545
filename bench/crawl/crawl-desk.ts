// The program's own scan of a structured shop, with its frontier kept in SQLite: node crawl-desk.ts URL FILE
import BetterSqlite3 from 'better-sqlite3';
import { systemRandom } from '#kernel/random.ts';
import { systemClock } from '#kernel/time.ts';
import { createFetcher } from '#scrapers/core/fetch/fetcher.ts';
import type { PageStore, Validators } from '#scrapers/core/fetch/page-store.ts';
import { createStructuredShopAdapter } from '#scrapers/sites/structured-shop/fetch.ts';
import { CONCURRENCY, printFigures } from './shop-size.ts';

const [url = '', file = ''] = process.argv.slice(2);

/** Cursor, offers and page versions: one transaction a step, so that a killed scan goes on where it was. */
function openFrontier(path: string) {
  const db = new BetterSqlite3(path);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE frontier (id INTEGER PRIMARY KEY, cursor TEXT NOT NULL); CREATE TABLE page (url TEXT PRIMARY KEY, validators TEXT NOT NULL); CREATE TABLE offer (externalId TEXT PRIMARY KEY, offer TEXT NOT NULL)');
  const setCursor = db.prepare('INSERT INTO frontier (id, cursor) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET cursor = excluded.cursor');
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
  const store = db.transaction((cursor: string, offers: readonly { readonly externalId: string }[]) => {
    for (const offer of offers) addOffer.run(offer.externalId, JSON.stringify(offer));
    setCursor.run(cursor);
  });
  return { pages, store, close: () => db.close() };
}

const startedAt = performance.now();
const frontier = openFrontier(file);
const fetcher = createFetcher({ clock: systemClock, random: systemRandom, store: frontier.pages, userAgent: 'ResaleDesk/bench (+https://example.org)' });
const opened = createStructuredShopAdapter({ clock: systemClock, fetcher }).open({ baseUrl: url, politeness: { allowLoopback: true, concurrency: CONCURRENCY } });
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
let offers = 0;
for await (const step of opened.value.scan({ signal: new AbortController().signal })) {
  if (!step.complete) frontier.store(step.cursor, step.offers);
  offers += step.offers.filter((offer) => offer.identifiers.length > 0 && offer.title !== '').length;
}
printFigures(offers, startedAt);
await opened.value.close();
await fetcher.close();
frontier.close();
