import { describe, expect, it } from 'vitest';

const messages = Object.fromEntries(Object.entries(import.meta.glob<Record<string, string>>('./en/*.json', { eager: true, import: 'default' })).map(([path, value]) => [path.slice('./en/'.length, -'.json'.length), value]));
const desk = import.meta.glob<string>(['../**/*.tsx', '../**/*.ts', '!../**/*.test.ts'], { eager: true, query: '?raw', import: 'default' });
const engine = import.meta.glob<string>(['../../electron/engine/**/*.ts', '!../../electron/engine/**/*.test.ts'], { eager: true, query: '?raw', import: 'default' });
const cards = import.meta.glob<string>('../../resources/fee-cards/*.json', { eager: true, query: '?raw', import: 'default' });

const has = (namespace: string, key: string) => {
  const own = messages[namespace] ?? {};
  return key in own || `${key}_other` in own;
};
/** First words of codes that the engine hands to the desk as reasons, risks, unknowns or stops. `estimate.` and `sale.` name lines of arithmetic. */
const REASON = /'((?:approval|brand|ceiling|competition|confidence|days|demand|failed|fees|identity|limit|listing|loss|offer|pack|price|product|profit|purchase|quantity|reprice|restriction|returns|roi|screen|season|seller|shipping|stock|stop)\.[a-z][a-z-]*)'/g;
/** Live-event topics have the same form, and name no reason. */
const TOPICS = /(?:outbox\.add\([^,]+,(?:[^,']*\? '[a-z.-]+' :)?|announce\(|subscribe\(|action:)\s*'([a-z]+\.[a-z-]+)'/g;

describe('messages', () => {
  it('has every message that the desk names', () => {
    const missing: string[] = [];
    for (const [path, source] of Object.entries(desk)) {
      for (const [, namespace = '', key = ''] of source.matchAll(/['"`]([a-z-]+):([a-zA-Z0-9.\-_]+)['"`]/g)) {
        if (namespace in messages && !has(namespace, key)) missing.push(`${path}: ${namespace}:${key}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('words every reason code of the engine', () => {
    const topics = new Set(Object.values(engine).flatMap((source) => [...source.matchAll(TOPICS)].map((match) => match[1]!)));
    for (const source of Object.values(engine)) for (const [, list = ''] of source.matchAll(/const topic of \[([^\]]*)\]/g)) for (const [, topic = ''] of list.matchAll(/'([^']+)'/g)) topics.add(topic);
    const codes = new Set(Object.values(engine).flatMap((source) => [...source.matchAll(REASON)].map((match) => match[1]!)));
    for (const said of ['approval-required', 'not-eligible', 'product-not-found', 'other']) codes.add(`amazon.${said}`);
    const missing = [...codes].filter((code) => !has('reasons', code) && !topics.has(code));
    expect(codes.size).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it('names every fee of the fee cards and every line of the arithmetic', () => {
    const fees = Object.values(cards).flatMap((text) => [...text.matchAll(/"code":\s*"([^"]+)"/g)].map((match) => match[1]!));
    const lines = Object.values(engine).flatMap((source) => [...source.matchAll(/'((?:cost|sale|estimate)\.[a-z-]+)'/g)].map((match) => match[1]!));
    expect(fees.length).toBeGreaterThan(10);
    expect([...new Set([...fees, ...lines])].filter((code) => !has('lines', code))).toEqual([]);
  });

  it('keeps plural forms in pairs, and no message empty', () => {
    const wrong = Object.entries(messages).flatMap(([namespace, own]) => Object.entries(own).filter(([key, text]) => text.trim() === '' || (key.endsWith('_one') && !(`${key.slice(0, -4)}_other` in own))).map(([key]) => `${namespace}:${key}`));
    expect(wrong).toEqual([]);
  });
});
