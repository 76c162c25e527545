import type { z } from 'zod';
import type { Database, Tx } from '#runtime/ports.ts';
import { DomainError } from '#kernel/errors.ts';
import type { Instant } from '#kernel/time.ts';

export interface Versioned<T> {
  readonly value: T;
  /** 0 while it is the default and was never stored. */
  readonly version: number;
  readonly updatedAt: Instant;
}

export interface SettingKey<T> {
  readonly key: string;
  readonly schema: z.ZodType<T>;
  readonly fallback: T;
}

function readJson(text: string, key: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Error(`the stored setting ${key} cannot be read: it is no JSON`, { cause });
  }
}

/** What a setting's text last came to: settings are read far oftener than they change. */
const lastRead = new WeakMap<object, { readonly text: string; readonly value: unknown }>();

function parseSetting<T>(setting: SettingKey<T>, text: string): T {
  const last = lastRead.get(setting);
  if (last?.text === text) return last.value as T;
  const parsed = setting.schema.safeParse(readJson(text, setting.key));
  if (!parsed.success) throw new Error(`the stored setting ${setting.key} cannot be read: ${parsed.error.message}`);
  lastRead.set(setting, { text, value: parsed.data });
  return parsed.data;
}

/** The stored value, or the default. A value that no longer parses is an error that names the key: it is never silently replaced. */
export async function readSetting<T>(source: Database | Tx, setting: SettingKey<T>): Promise<Versioned<T>> {
  const tx = 'prisma' in source ? source.prisma : source;
  const [row] = await tx.$queryRawUnsafe<{ value: string; version: number; updatedAt: bigint }[]>('SELECT value, version, updatedAt FROM "Setting" WHERE key = ?', setting.key);
  if (!row) return { value: setting.fallback, version: 0, updatedAt: 0 };
  return { value: parseSetting(setting, row.value), version: row.version, updatedAt: Number(row.updatedAt) };
}

/** Compare-and-set. @throws DomainError CONFLICT when `version` is not the stored one. */
export async function writeSetting<T>(tx: Tx, setting: SettingKey<T>, change: { readonly value: T; readonly version: number; readonly at: Instant }): Promise<Versioned<T>> {
  const value = JSON.stringify(setting.schema.parse(change.value));
  const current = await tx.setting.findUnique({ where: { key: setting.key }, select: { version: true } });
  if ((current?.version ?? 0) !== change.version) throw new DomainError('CONFLICT', 'Somebody changed this meanwhile: look at it again.', { version: current?.version ?? 0 });
  const version = change.version + 1;
  await tx.setting.upsert({ where: { key: setting.key }, create: { key: setting.key, value, version, updatedAt: change.at }, update: { value, version, updatedAt: change.at } });
  return { value: change.value, version, updatedAt: change.at };
}

/** Stores whatever the version: for settings that the program itself keeps (cursors, marks). */
export async function putSetting<T>(tx: Tx, setting: SettingKey<T>, value: T, at: Instant): Promise<void> {
  const text = JSON.stringify(setting.schema.parse(value));
  await tx.setting.upsert({ where: { key: setting.key }, create: { key: setting.key, value: text, version: 1, updatedAt: at }, update: { value: text, version: { increment: 1 }, updatedAt: at } });
}
