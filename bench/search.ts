import { buildListQuery } from '#engine/opportunities/list-query.ts';
import { seededRandom } from '#kernel/random.ts';
import { openReadConnection } from '#runtime/read-connection.ts';
import { OPPORTUNITIES, openMillionFile } from './opportunity-data.ts';
import { benchRow, quantile, timeMs, type BenchRow } from './row.ts';

const TITLES = 150;
/** Each search is made in so many rounds over all of them; its middle time counts, so that one turn that another process took does not. */
const ROUNDS = 3;

/** What somebody types on the way to a title: every beginning from three letters on, then its first two words and a model number. */
function* keystrokes(title: string): Generator<string> {
  const words = title.split(' ');
  const first = words[0]!;
  for (let end = 3; end <= first.length; end++) yield first.slice(0, end);
  const second = words[2]!;
  for (let end = 1; end <= second.length; end++) yield `${first} ${second.slice(0, end)}`;
  yield `${first} ${words.at(-1)!}`;
  yield words.at(-1)!;
}

export async function run(): Promise<BenchRow[]> {
  const db = openReadConnection(await openMillionFile());
  const random = seededRandom('search');
  const titleOf = db.prepare<[number], { title: string }>('SELECT title FROM "Opportunity" WHERE rowid = ?');
  const matches = db.prepare('SELECT rowid FROM opportunity_search WHERE opportunity_search MATCH ? LIMIT 50');
  const typed = Array.from({ length: TITLES }, () => [...keystrokes(titleOf.get(1 + random.int(OPPORTUNITIES))!.title)]).flat().map((search) => ({ search, times: [] as number[], floors: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { search, times, floors } of typed) {
      const { sql, parameters } = buildListQuery({ filter: { state: 'open', search }, sort: 'score', limit: 50 });
      const statement = db.prepare(sql);
      const long = search.split(' ').filter((word) => word.length >= 3).map((word) => `"${word}"`).join(' AND ');
      times.push(timeMs(() => statement.all(...parameters)));
      floors.push(timeMs(() => matches.all(long)));
    }
  }
  db.close();
  const middle = typed.map((one) => quantile(one.times, 0.5));
  const floors = typed.map((one) => quantile(one.floors, 0.5));
  const common = { unit: 'ms', floorName: '50 bare matches' };
  return [
    benchRow({ ...common, name: 'search as you type, p50', value: quantile(middle, 0.5), floorValue: quantile(floors, 0.5), target: '', ok: true }),
    benchRow({ ...common, name: 'search as you type, p95', value: quantile(middle, 0.95), floorValue: quantile(floors, 0.95), target: 'p95 < 5 ms', ok: quantile(middle, 0.95) < 5 }),
  ];
}
