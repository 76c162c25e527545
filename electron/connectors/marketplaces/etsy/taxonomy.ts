import { createHash } from 'node:crypto';
import type { CategoryAspect, CategoryPort, ListingContent, SuggestedCategory } from '#engine/listings/ports.ts';
import type { EtsyClient } from './etsy-client.ts';
import { nodesSchema, type EtsyNode } from './schema.ts';

/** What Etsy asks of every listing, and nobody but the seller can say: who made it, when, and whether it is a supply. What Etsy allows to be sold there hangs on them. */
const WHO = 'Who made it';
const WHEN = 'When it was made';
const WHAT = 'What it is';
/** Etsy's words, as a person reads them. */
const WHO_WORDS: ReadonlyMap<string, string> = new Map([['I did', 'i_did'], ['A member of my shop', 'collective'], ['Someone else', 'someone_else']]);
const ERAS = ['made_to_order', '2020_2026', '2010_2019', '2007_2009', 'before_2007', '2000_2006', '1990s', '1980s', '1970s', '1960s', '1950s', '1940s', '1930s', '1920s', '1910s', '1900s', '1800s', '1700s', 'before_1700'];
const SUPPLY = 'A supply to make things';
const WHAT_VALUES = ['A finished product', SUPPLY];
const WHEN_WORDS: ReadonlyMap<string, string> = new Map(ERAS.map((era) => [era === 'made_to_order' ? 'Made to order' : era.replace(/^before_/, 'Before ').replace('_', ' to '), era]));
const MOST = 5;

const asked = (name: string, values: readonly string[]): CategoryAspect => ({ name, required: true, recommended: false, chosenFromValues: true, many: false, longest: null, values });
const ASPECTS = [asked(WHO, [...WHO_WORDS.keys()]), asked(WHEN, [...WHEN_WORDS.keys()]), asked(WHAT, WHAT_VALUES)];

/** Fields of a listing from what a person said of it. */
export function originOf(aspects: ListingContent['aspects']): Record<string, string> {
  const [who, when, what] = [WHO_WORDS.get(aspects[WHO]?.[0] ?? ''), WHEN_WORDS.get(aspects[WHEN]?.[0] ?? ''), aspects[WHAT]?.[0]];
  return { ...(who ? { who_made: who } : {}), ...(when ? { when_made: when } : {}), ...(what ? { is_supply: String(what === SUPPLY) } : {}) };
}

/** Not twenty years old. */
const NOT_VINTAGE = new Set(['made_to_order', '2020_2026', '2010_2019', '2007_2009']);

/**
 * Why Etsy takes no such thing, or null. Etsy is for what the seller made, for things of twenty years and more, and for supplies (its rules as sellers commonly know them; its API document does not state them): new goods of
 * others cost the account.
 */
export function notForEtsy(aspects: ListingContent['aspects']): string | null {
  const { who_made: who, when_made: when, is_supply: supply } = originOf(aspects);
  return who === 'someone_else' && supply === 'false' && when !== undefined && NOT_VINTAGE.has(when) ? 'Etsy takes what the seller made, things of twenty years and more, and supplies; this was made by somebody else, and lately' : null;
}

/** "You can only use the %, :, & and + characters once each." Other characters than letters, digits, punctuation, mathematical signs, spaces and three marks are refused. */
export function plainTitle(title: string): string {
  const seen = new Set<string>();
  return [...title.replace(/[^\p{L}\p{Nd}\p{P}\p{Sm}\p{Zs}™©®]/gu, ' ')].filter((letter) => {
    if (!'%:&+'.includes(letter)) return true;
    const first = !seen.has(letter);
    seen.add(letter);
    return first;
  }).join('').replace(/\s+/g, ' ').trim();
}

interface Leaf extends SuggestedCategory {
  readonly words: ReadonlySet<string>;
  readonly above: ReadonlySet<string>;
}

const bare = (word: string) => (word.length > 3 ? word.replace(/(?:ies)$/, 'y').replace(/s$/, '') : word);
const wordsIn = (text: string) => new Set(text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2).map(bare));

function* leavesOf(nodes: readonly EtsyNode[], path: readonly string[]): Generator<Leaf> {
  for (const node of nodes) {
    if (node.children.length > 0) yield* leavesOf(node.children, [...path, node.name]);
    else yield { id: String(node.id), name: node.name, path, words: wordsIn(node.name), above: wordsIn(path.join(' ')) };
  }
}

/** Words of the leaf's name weigh most; a leaf none of whose own words is said is no suggestion. */
function score(leaf: Leaf, said: ReadonlySet<string>): number {
  const hits = [...leaf.words].filter((word) => said.has(word)).length;
  return hits === 0 ? 0 : hits / leaf.words.size + hits / 10 + [...leaf.above].filter((word) => said.has(word)).length / 100;
}

/** Etsy's seller taxonomy. Etsy suggests nothing itself: leaves whose names stand in the title are offered. */
export function createTaxonomy(client: EtsyClient): CategoryPort {
  let held: { readonly version: string; readonly leaves: readonly Leaf[] } | null = null;
  const read = async (signal: AbortSignal | undefined) => {
    const { body } = await client.send({ operation: 'read categories', method: 'GET', path: '/v3/application/seller-taxonomy/nodes', effect: 'read', schema: nodesSchema, signal });
    const leaves = [...leavesOf(body.results, [])];
    held = { leaves, version: createHash('sha256').update(leaves.map((leaf) => `${leaf.id} ${leaf.name}`).join('\n')).digest('hex').slice(0, 16) };
    return held;
  };
  return {
    connector: client.connector, market: client.market,
    tree: async (call) => ({ id: 'seller-taxonomy', version: (await read(call?.signal)).version }),
    suggest: async (_tree, text, call) => {
      const { version, leaves } = held ?? (await read(call?.signal));
      const said = wordsIn(text);
      const found = leaves.map((leaf) => ({ leaf, points: score(leaf, said) })).filter(({ points }) => points > 0).toSorted((a, b) => b.points - a.points || Number(a.leaf.id) - Number(b.leaf.id)).slice(0, MOST);
      return { treeVersion: version, suggestions: found.map(({ leaf: { id, name, path } }) => ({ id, name, path })) };
    },
    aspects: async (_tree, categoryId, call) => ((held ?? (await read(call?.signal))).leaves.some((leaf) => leaf.id === categoryId) ? ASPECTS : null),
  };
}
