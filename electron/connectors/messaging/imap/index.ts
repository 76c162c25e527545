import { ImapFlow } from 'imapflow';
import { z } from 'zod';
import { ConnectorError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { DAY_MS, type Clock } from '#kernel/time.ts';
import { readMail, type ReadMail } from './read-mail.ts';

export { readMail, textOfHtml, type ReadMail } from './read-mail.ts';

export interface ImapCredentials {
  /** `imaps://imap.example.org:993`; `imap://` needs STARTTLS, save on this machine. */
  readonly server: string;
  readonly user: string;
  readonly password: string;
}
export interface ImapOptions {
  readonly clock: Clock;
  readonly credentials: () => Promise<ImapCredentials>;
  readonly timeoutMs?: number | undefined;
}

const cursorSchema = z.strictObject({ uidValidity: z.string(), lastUid: z.int() });
/** How far back is looked where the mailbox is new to us, or has numbered its mails anew. */
const FIRST_LOOK_MS = 3 * DAY_MS;
const RENUMBERED_LOOK_MS = 14 * DAY_MS;
const MOST_AT_ONCE = 200;
const LARGEST_MAIL = 2 * 1024 * 1024;

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

function settingsOf({ server, user, password }: ImapCredentials, timeoutMs: number) {
  if (!URL.canParse(server) || !/^imaps?:$/.test(new URL(server).protocol)) throw new ConnectorError({ kind: 'SessionLost', connector: 'imap', operation: 'sign in', message: 'the server is written as imaps://host:993' });
  const url = new URL(server);
  const secure = url.protocol === 'imaps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(url.port || (secure ? 993 : 143)), secure, ...(secure ? {} : { doSTARTTLS: !LOOPBACK.has(host) }), auth: { user, pass: password }, logger: false as const, socketTimeout: timeoutMs, greetingTimeout: timeoutMs, connectionTimeout: timeoutMs };
}

function failureOf(operation: string, error: unknown): ConnectorError {
  if (isConnectorError(error)) return error;
  const refused = typeof error === 'object' && error !== null && ('authenticationFailed' in error && error.authenticationFailed === true);
  return new ConnectorError({ kind: refused ? 'SessionLost' : 'Retryable', connector: 'imap', operation, message: refused ? 'the mail server refused user or password' : messageOf(error) }, { cause: error });
}

export type Mailbox = ReturnType<typeof createMailbox>;

/** The inbox of one account, read only: nothing is marked, moved or deleted. A connection for each look, so that none is left behind. */
export function createMailbox(options: ImapOptions) {
  async function withInbox<T>(operation: string, run: (client: ImapFlow, uidValidity: string) => Promise<T>): Promise<T> {
    const client = new ImapFlow(settingsOf(await options.credentials(), options.timeoutMs ?? 30_000));
    // a connection that breaks tells so through the call that is under way
    client.on('error', () => undefined);
    try {
      await client.connect();
      const lock = await client.getMailboxLock('INBOX', { readOnly: true });
      try {
        return await run(client, String(client.mailbox && client.mailbox.uidValidity));
      } finally {
        lock.release();
      }
    } catch (error) {
      throw failureOf(operation, error);
    } finally {
      await client.logout().catch(() => client.close());
    }
  }

  async function uidsSince(client: ImapFlow, cursor: z.infer<typeof cursorSchema> | null, uidValidity: string): Promise<number[]> {
    const known = cursor?.uidValidity === uidValidity ? cursor : null;
    const query = known ? { uid: `${known.lastUid + 1}:*` } : { since: new Date(options.clock.now() - (cursor ? RENUMBERED_LOOK_MS : FIRST_LOOK_MS)) };
    const found = await client.search(query, { uid: true });
    // `n:*` names the last mail also where its number is below n
    return (found || []).filter((uid) => !known || uid > known.lastUid).sort((a, b) => a - b).slice(0, MOST_AT_ONCE);
  }

  return {
    /** What came in since the cursor, in the order of its coming; the last three days for null. */
    receive: (cursorText: string | null): Promise<{ mails: ReadMail[]; cursor: string }> =>
      withInbox('read mail', async (client, uidValidity) => {
        const cursor = cursorText === null ? null : cursorSchema.parse(JSON.parse(cursorText));
        const uids = await uidsSince(client, cursor, uidValidity);
        const mails: ReadMail[] = [];
        if (uids.length > 0) {
          for await (const message of client.fetch(uids.join(','), { uid: true, internalDate: true, source: { maxLength: LARGEST_MAIL } }, { uid: true })) {
            const at = message.internalDate ? new Date(message.internalDate).getTime() : options.clock.now();
            if (message.source) mails.push(await readMail(message.source, { id: `<${uidValidity}.${message.uid}@mailbox>`, at }));
          }
        }
        const lastUid = Math.max(cursor?.uidValidity === uidValidity ? cursor.lastUid : 0, ...uids);
        return { mails, cursor: JSON.stringify({ uidValidity, lastUid }) };
      }),
    /** When the mail with this `Message-ID` came in; null where there is none. */
    find: (messageId: string): Promise<number | null> =>
      withInbox('look for a sent mail', async (client) => {
        const found = await client.search({ header: { 'message-id': messageId } }, { uid: true });
        const uid = (found || [])[0];
        if (uid === undefined) return null;
        const message = await client.fetchOne(String(uid), { uid: true, internalDate: true }, { uid: true });
        return message && message.internalDate ? new Date(message.internalDate).getTime() : options.clock.now();
      }),
    check: (): Promise<void> => withInbox('sign in', () => Promise.resolve()),
  };
}
