import type { z } from 'zod';
import type { connectionView } from '#contract/settings.ts';
import { DomainError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { CONNECTION_CHECKS } from './keys.ts';
import type { ConnectionPort } from './ports.ts';
import { putSetting, readSetting } from './repo.ts';
import type { SettingsDeps } from './deps.ts';

type ConnectionView = z.infer<typeof connectionView>;

function connectionOf(deps: SettingsDeps, id: string): ConnectionPort {
  const connection = deps.connections.find((c) => c.id === id);
  if (!connection) throw new DomainError('NOT_FOUND', `There is no connection ${id}.`, { kind: 'connection', id });
  return connection;
}

async function viewOf(deps: SettingsDeps, connection: ConnectionPort): Promise<ConnectionView> {
  const checks = (await readSetting(deps.ctx.db, CONNECTION_CHECKS)).value[connection.id];
  const fields = deps.practice ? [] : await Promise.all(connection.fields.map(async (f) => ({ name: f.name, label: f.label, secret: f.secret, present: await deps.secrets.has(`${connection.id}/${f.name}`) })));
  const complete = fields.length > 0 && connection.fields.every((f, index) => f.optional || fields[index]?.present);
  const state = deps.practice ? 'practice' : !complete ? 'not-connected' : checks?.error ? 'failing' : 'connected';
  return { id: connection.id, name: connection.name, baseUrl: connection.baseUrl, fields, state, lastCheckedAt: checks?.at ?? null, lastError: checks?.error ?? null };
}

export function listConnections(deps: SettingsDeps): Promise<ConnectionView[]> {
  return Promise.all(deps.connections.map((c) => viewOf(deps, c)));
}

/** One harmless call; its outcome is kept, the secret never is. */
export function checkConnection(deps: SettingsDeps, id: string): Promise<ConnectionView> {
  return check(deps, id, []);
}

/** @param secrets what was just typed: a vendor that repeats it in its answer must not bring it back. */
async function check(deps: SettingsDeps, id: string, secrets: readonly string[]): Promise<ConnectionView> {
  const connection = connectionOf(deps, id);
  let error: string | null = null;
  try {
    await connection.check();
  } catch (cause) {
    error = secrets.reduce((text, secret) => text.replaceAll(secret, '[masked]'), maskText(messageOf(cause)));
  }
  const at = deps.ctx.clock.now();
  await deps.ctx.db.transaction(async (tx) => {
    const checks = (await readSetting(tx, CONNECTION_CHECKS)).value;
    await putSetting(tx, CONNECTION_CHECKS, { ...checks, [id]: { at, error } }, at);
    await deps.ctx.outbox.add(tx, 'settings.connection', id);
  });
  return viewOf(deps, connection);
}

/** Stores or (empty text) removes secrets, then checks. @throws DomainError INVALID for a field that the connection does not have. */
export async function setConnection(deps: SettingsDeps, id: string, values: Readonly<Record<string, string>>): Promise<ConnectionView> {
  const connection = connectionOf(deps, id);
  if (deps.practice) throw new DomainError('INVALID', 'The practice market needs no account.', { field: 'id', reason: 'practice' });
  for (const name of Object.keys(values)) {
    if (!connection.fields.some((f) => f.name === name)) throw new DomainError('INVALID', `${connection.name} has no field ${name}.`, { field: name, reason: 'unknown' });
  }
  for (const [name, value] of Object.entries(values)) {
    const key = `${id}/${name}`;
    await (value.trim() === '' ? deps.secrets.delete(key) : deps.secrets.set(key, value.trim()));
  }
  const complete = (await Promise.all(connection.fields.map((f) => f.optional || deps.secrets.has(`${id}/${f.name}`)))).every(Boolean);
  const secrets = Object.entries(values).flatMap(([name, value]) => (value.trim() !== '' && connection.fields.some((f) => f.name === name && f.secret) ? [value.trim()] : []));
  return complete ? check(deps, id, secrets) : viewOf(deps, connection);
}
