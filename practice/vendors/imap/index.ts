/** A small IMAP4rev1 server on loopback (RFC 3501): enough for a mail program that reads one inbox. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { parseFetch, parseSearch, tokens, type Token } from './parse-command.ts';
import type { PostOffice, StoredMail } from './post-office.ts';

export { createPostOffice, type OutgoingMail, type PostOffice, type StoredMail } from './post-office.ts';

export const PRACTICE_MAILBOX = { user: 'desk@practice.invalid', password: 'practice-mail-password' } as const;

export interface ImapVendor {
  /** `imap://127.0.0.1:PORT`. */
  readonly url: string;
  start(): Promise<string>;
  /** Commands that were served, by name. */
  counts(): Readonly<Record<string, number>>;
  /** The next so many connections are cut in the middle of a fetch. */
  cutFetches(times: number): void;
  close(): Promise<void>;
}

interface Session {
  readonly socket: Socket;
  signedIn: boolean;
  selected: boolean;
  idling: string | null;
}

const CAPABILITIES = 'IMAP4rev1 LITERAL+ IDLE UIDPLUS';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

function internalDate(at: number): string {
  const d = new Date(at);
  return `${two(d.getUTCDate())}-${MONTHS[d.getUTCMonth()]}-${d.getUTCFullYear()} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} +0000`;
}

const seen = new WeakMap<StoredMail, Set<string>>();
const flagsOf = (mail: StoredMail) => seen.get(mail) ?? new Set<string>();

const bytesOf = (value: string) => Buffer.from(value);

function fetchItem(mail: StoredMail, item: { readonly name: string; readonly length: number | null }): Buffer {
  switch (item.name) {
    case 'UID': return bytesOf(`UID ${mail.uid}`);
    case 'INTERNALDATE': return bytesOf(`INTERNALDATE "${internalDate(mail.at)}"`);
    case 'RFC822.SIZE': return bytesOf(`RFC822.SIZE ${mail.source.length}`);
    case 'FLAGS': return bytesOf(`FLAGS (${[...flagsOf(mail)].join(' ')})`);
    default: {
      const source = item.length === null ? mail.source : mail.source.subarray(0, item.length);
      return Buffer.concat([bytesOf(`BODY[]${item.length === null ? '' : '<0>'} {${source.length}}\r\n`), source]);
    }
  }
}

const inRange = (mails: readonly StoredMail[], set: string, byUid: boolean): StoredMail[] => {
  const last = byUid ? (mails.at(-1)?.uid ?? 0) : mails.length;
  const number = (text: string) => (text === '*' ? last : Number(text));
  const ranges = set.split(',').map((part) => {
    const [from, to = from] = part.split(':') as [string, string?];
    const [a, b] = [number(from), number(to)];
    return [Math.min(a, b), Math.max(a, b)] as const;
  });
  return mails.filter((mail, i) => ranges.some(([a, b]) => (byUid ? mail.uid : i + 1) >= a && (byUid ? mail.uid : i + 1) <= b));
};

export function createImapVendor(post: PostOffice, { port = 0 }: { readonly port?: number } = {}): ImapVendor {
  const counts: Record<string, number> = {};
  const sockets = new Set<Socket>();
  let url: string | null = null;
  let cuts = 0;



  function fetch(session: Session, args: readonly Token[], byUid: boolean): string {
    const mails = post.mailbox();
    const items = parseFetch(args.slice(1));
    if (byUid && !items.some((item) => item.name === 'UID')) items.unshift({ name: 'UID', length: null });
    for (const mail of inRange(mails, args[0]!.text, byUid)) {
      const parts = items.map((item) => fetchItem(mail, item));
      const body = parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from(' '), part]));
      const answer = Buffer.concat([Buffer.from(`* ${mails.indexOf(mail) + 1} FETCH (`), ...body, Buffer.from(')\r\n')]);
      if (cuts > 0) {
        cuts -= 1;
        session.socket.write(answer.subarray(0, Math.floor(answer.length / 2)));
        session.socket.destroy();
        return '';
      }
      session.socket.write(answer);
    }
    return 'OK FETCH completed';
  }

  function search(session: Session, args: readonly Token[], byUid: boolean): string {
    const mails = post.mailbox();
    const fits = parseSearch(args, (set, uid) => new Set(inRange(mails, set, uid)));
    const found = mails.flatMap((mail, i) => (fits(mail) ? [byUid ? mail.uid : i + 1] : []));
    session.socket.write(`* SEARCH${found.map((n) => ` ${n}`).join('')}\r\n`);
    return 'OK SEARCH completed';
  }

  function store(session: Session, args: readonly Token[], byUid: boolean): string {
    const mails = post.mailbox();
    const [set, action, ...flags] = args;
    for (const mail of inRange(mails, set!.text, byUid)) {
      const before = flagsOf(mail);
      const named = flags.map((flag) => flag.text.replace(/[()]/g, '')).filter(Boolean);
      const next = action!.text.startsWith('+') ? [...before, ...named] : action!.text.startsWith('-') ? [...before].filter((flag) => !named.includes(flag)) : named;
      seen.set(mail, new Set(next));
      if (!/\.SILENT/i.test(action!.text)) session.socket.write(`* ${mails.indexOf(mail) + 1} FETCH (UID ${mail.uid} FLAGS (${next.join(' ')}))\r\n`);
    }
    return 'OK STORE completed';
  }

  function select(session: Session, readOnly: boolean): string {
    const mails = post.mailbox();
    session.selected = true;
    session.socket.write(`* ${mails.length} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen \\Flagged \\Answered \\Deleted)\r\n* OK [PERMANENTFLAGS (\\Seen \\Flagged)] ok\r\n* OK [UIDVALIDITY ${post.uidValidity}] ok\r\n* OK [UIDNEXT ${(mails.at(-1)?.uid ?? 0) + 1}] ok\r\n`);
    return `OK [${readOnly ? 'READ-ONLY' : 'READ-WRITE'}] done`;
  }

  function obey(session: Session, name: string, args: readonly Token[]): string {
    switch (name) {
      case 'CAPABILITY':
        session.socket.write(`* CAPABILITY ${CAPABILITIES}\r\n`);
        return 'OK done';
      case 'NOOP': return 'OK done';
      case 'LOGIN':
        session.signedIn = args[0]?.text === PRACTICE_MAILBOX.user && args[1]?.text === PRACTICE_MAILBOX.password;
        return session.signedIn ? `OK [CAPABILITY ${CAPABILITIES}] signed in` : 'NO [AUTHENTICATIONFAILED] wrong user or password';
      case 'LOGOUT':
        session.socket.write('* BYE\r\n');
        return 'OK done';
    }
    if (!session.signedIn) return 'BAD sign in first';
    switch (name) {
      case 'LIST': case 'LSUB':
        session.socket.write(`* ${name} (\\HasNoChildren) "/" INBOX\r\n`);
        return 'OK done';
      case 'STATUS':
        session.socket.write(`* STATUS INBOX (MESSAGES ${post.mailbox().length} UIDVALIDITY ${post.uidValidity} UIDNEXT ${(post.mailbox().at(-1)?.uid ?? 0) + 1})\r\n`);
        return 'OK done';
      case 'SELECT': case 'EXAMINE': return args[0]?.text.toUpperCase() === 'INBOX' ? select(session, name === 'EXAMINE') : 'NO no such mailbox';
      case 'CLOSE': case 'UNSELECT':
        session.selected = false;
        return 'OK done';
    }
    if (!session.selected) return 'BAD select a mailbox first';
    const byUid = name === 'UID';
    const command = byUid ? (args[0]?.text.toUpperCase() ?? '') : name;
    const rest = byUid ? args.slice(1) : args;
    if (command === 'FETCH') return fetch(session, rest, byUid);
    if (command === 'SEARCH') return search(session, rest, byUid);
    if (command === 'STORE') return store(session, rest, byUid);
    return 'BAD unknown command';
  }

  function serveLine(session: Session, line: string): void {
    if (session.idling !== null) {
      if (/^done$/i.test(line)) session.socket.write(`${session.idling} OK IDLE ended\r\n`);
      session.idling = null;
      return;
    }
    const [tag, name = '', ...rest] = line.split(' ');
    const command = name.toUpperCase();
    counts[command] = (counts[command] ?? 0) + 1;
    if (command === 'IDLE') {
      session.idling = tag!;
      session.socket.write('+ idling\r\n');
      return;
    }
    const said = obey(session, command, tokens(rest.join(' ')));
    if (said !== '' && !session.socket.destroyed) session.socket.write(`${tag} ${said}\r\n`);
    if (command === 'LOGOUT') session.socket.end();
  }

  const server: Server = createServer((socket) => {
    const session: Session = { socket, signedIn: false, selected: false, idling: null };
    let text = '';
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.write(`* OK [CAPABILITY ${CAPABILITIES}] practice mail\r\n`);
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = nextLine(text, socket); end !== null; end = nextLine(text, socket)) {
        const line = text.slice(0, end.at);
        text = text.slice(end.next);
        serveLine(session, line);
      }
    });
  });

  return {
    get url() {
      if (url === null) throw new Error('the practice mail server is not started');
      return url;
    },
    start: () => new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        url = `imap://127.0.0.1:${(server.address() as AddressInfo).port}`;
        resolve(url);
      });
    }),
    counts: () => ({ ...counts }),
    cutFetches: (times) => void (cuts = times),
    close: () => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    }),
  };
}

/** A command's end, literals (`{5}`) inside it included; null until all of it is here. */
function nextLine(text: string, socket: Socket): { readonly at: number; readonly next: number } | null {
  let from = 0;
  for (;;) {
    const end = text.indexOf('\r\n', from);
    if (end < 0) return null;
    const literal = /\{(\d+)(\+?)\}$/.exec(text.slice(from, end));
    if (!literal) return { at: end, next: end + 2 };
    from = end + 2 + Number(literal[1]);
    if (text.length < from) {
      if (literal[2] === '' && text.length === end + 2) socket.write('+ go on\r\n');
      return null;
    }
  }
}
