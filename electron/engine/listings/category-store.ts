import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { Database, Tx } from '#runtime/ports.ts';

export type TaxonomyKind = 'tree' | 'suggestions' | 'aspects';

export interface KeptTaxonomy {
  readonly treeVersion: string;
  readonly body: unknown;
  readonly fetchedAt: Instant;
}

interface Place {
  readonly channel: string;
  readonly kind: TaxonomyKind;
  /** Of the tree empty, of suggestions the words, of aspects the category. */
  readonly key: string;
}

export async function findTaxonomy(db: Database, place: Place): Promise<KeptTaxonomy | null> {
  const row = await db.prisma.channelTaxonomy.findUnique({ where: { channel_kind_key: { ...place } } });
  return row ? { treeVersion: row.treeVersion, body: JSON.parse(row.body) as unknown, fetchedAt: Number(row.fetchedAt) } : null;
}

export async function keepTaxonomy(tx: Tx, place: Place, kept: KeptTaxonomy): Promise<void> {
  const data = { treeVersion: kept.treeVersion, body: JSON.stringify(kept.body), fetchedAt: BigInt(kept.fetchedAt) };
  await tx.channelTaxonomy.upsert({ where: { channel_kind_key: { ...place } }, create: { ...place, ...data }, update: data });
}

/** What was said of other versions of the tree. */
export async function forgetOtherVersions(tx: Tx, channel: string, treeVersion: string): Promise<void> {
  await tx.channelTaxonomy.deleteMany({ where: { channel, treeVersion: { not: treeVersion } } });
}

const names = z.array(z.string());
const values = z.record(z.string(), z.array(z.string()));

/** The leaf that a product is listed in. */
export interface StoredChoice {
  readonly channel: string;
  readonly productId: string;
  readonly categoryId: string;
  readonly name: string;
  readonly path: readonly string[];
  readonly chosenBy: 'suggested' | 'person';
  readonly treeVersion: string;
  /** Values that a person gave. */
  readonly aspects: Readonly<Record<string, readonly string[]>>;
  readonly chosenAt: Instant;
}

export async function findChoice(db: Pick<Database, 'prisma'>, channel: string, productId: string): Promise<StoredChoice | null> {
  const row = await db.prisma.listingCategory.findUnique({ where: { channel_productId: { channel, productId } } });
  return row ? { ...row, chosenBy: row.chosenBy === 'person' ? 'person' : 'suggested', path: names.parse(JSON.parse(row.path)), aspects: values.parse(JSON.parse(row.aspects)), chosenAt: Number(row.chosenAt) } : null;
}

export async function saveChoice(tx: Tx, choice: StoredChoice): Promise<void> {
  const { channel, productId } = choice;
  const row = { ...choice, path: JSON.stringify(choice.path), aspects: JSON.stringify(choice.aspects), chosenAt: BigInt(choice.chosenAt) };
  await tx.listingCategory.upsert({ where: { channel_productId: { channel, productId } }, create: row, update: row });
}
