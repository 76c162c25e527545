import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { putSetting, readSetting, type SettingKey } from '../settings/index.ts';
import type { PlacedPicture } from './ports.ts';

/** Pictures of the very thing, made here: each a JPEG whose hash is its name. */
export interface OwnPicturesPort {
  /** SHA-256 of a lot's pictures, main one first; empty where it has none. */
  of(lotId: string): Promise<readonly string[]>;
  /** The bytes, which are those of the hash. */
  read(sha256: string): Promise<Uint8Array>;
}

const OWN = /^own-picture:([0-9a-f]{64})$/;
/** How a picture of ours stands among addresses until its channel has one for it. */
export const ownAddress = (sha256: string): string => `own-picture:${sha256}`;
export const shaOfAddress = (address: string): string | null => OWN.exec(address)?.[1] ?? null;

export const placedSchema = z.strictObject({ address: z.string(), until: z.int().nullable() });
const placedKey = (market: string, sha256: string): SettingKey<z.infer<typeof placedSchema> | null> => ({ key: `placed-picture.${market}.${sha256}`, schema: placedSchema.nullable(), fallback: null });

/** Where the channel has it already; null where it has not, or no longer. */
export async function findPlaced(tx: Tx, market: string, asked: { readonly sha256: string; readonly at: Instant }): Promise<z.infer<typeof placedSchema> | null> {
  const { value } = await readSetting(tx, placedKey(market, asked.sha256));
  return value && (value.until === null || value.until > asked.at) ? value : null;
}

/** One that the channel keeps for a moment alone is not remembered. */
export async function keepPlaced(tx: Tx, market: string, given: { readonly sha256: string; readonly placed: z.infer<typeof placedSchema>; readonly at: Instant }): Promise<void> {
  if (given.placed.until === null || given.placed.until > given.at) await putSetting(tx, placedKey(market, given.sha256), given.placed, given.at);
}

export const asPlaced = (placed: PlacedPicture): z.infer<typeof placedSchema> => ({ address: placed.address, until: placed.until ?? null });
