import { DomainError } from '#kernel/errors.ts';
import type { SourcesDeps } from './deps.ts';
import { requireSource } from './manage-sources.ts';
import { updateSource, type SourceConfig, type SourceRecord } from './repo.ts';

/** A source's jar bears its id. */
const jarOf = (source: Pick<SourceRecord, 'id'>) => source.id;

/** Its configuration with the name of a jar, or without any: only the name is stored, never what is in it. */
function withSession(config: SourceConfig, jar: string | null): SourceConfig {
  const { session: _session, ...politeness } = (config.site['politeness'] ?? {}) as Record<string, unknown>;
  return { ...config, site: { ...config.site, politeness: { ...politeness, ...(jar === null ? {} : { session: jar }) } } };
}

const usesSession = (source: SourceRecord) => (source.config.site['politeness'] as { session?: string } | undefined)?.session !== undefined;

/** Whether the source is read signed in, and whether the site has ended that. */
export async function sessionOf(deps: SourcesDeps, source: SourceRecord): Promise<'none' | 'signed-in' | 'lost'> {
  if (source.errorKind === 'SessionLost') return 'lost';
  return usesSession(source) && (await deps.sessions?.has(jarOf(source))) ? 'signed-in' : 'none';
}

async function store(deps: SourcesDeps, source: SourceRecord, jar: string | null): Promise<void> {
  const config = withSession(source.config, jar);
  const opened = deps.adapters.get(source.kind)?.open(config.site);
  if (!opened?.ok) throw new DomainError('INVALID', 'Sources of this kind take no sign-in.', { field: 'cookies', reason: 'unsupported' });
  await opened.value.close();
  await deps.ctx.db.transaction(async (tx) => {
    // The error was the session's: it has another now, or none.
    await updateSource(tx, source.id, { config: JSON.stringify(config), ...(source.errorKind === 'SessionLost' ? { errorKind: null, lastError: null, failedAt: null } : {}) });
    await deps.ctx.outbox.add(tx, 'source.changed', source.id);
  });
}

/** Keeps what the browser sends to the site once a person has signed in. @throws DomainError INVALID for a text without cookies. */
export async function signIn(deps: SourcesDeps, id: string, cookies: string): Promise<void> {
  const source = await requireSource(deps, id);
  if (!deps.sessions) throw new DomainError('INVALID', 'No sign-in can be kept here.', { field: 'cookies', reason: 'unsupported' });
  // The jar first: a configuration that names a jar which is not there would read the site signed out.
  if (!(await deps.sessions.signIn(jarOf(source), { cookies, url: source.baseUrl }))) throw new DomainError('INVALID', 'No cookie was found in this text: copy the whole value of the Cookie header.', { field: 'cookies', reason: 'unreadable' });
  await store(deps, source, jarOf(source));
}

export async function signOut(deps: SourcesDeps, id: string): Promise<void> {
  const source = await requireSource(deps, id);
  await store(deps, source, null);
  await deps.sessions?.signOut(jarOf(source));
}
