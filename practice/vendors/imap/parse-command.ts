/** The words of an IMAP command, and what FETCH and SEARCH ask for. */
import type { StoredMail } from './post-office.ts';

export interface Token { readonly text: string }

/** Atoms, quoted strings, literals; parentheses are words of their own, save inside `BODY[…]`. */
export function tokens(line: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const rest = line.slice(at);
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(rest);
    const literal = /^\{(\d+)\+?\}\r\n/.exec(rest);
    if (/^\s/.test(rest)) at += 1;
    else if (quoted) {
      found.push({ text: quoted[1]!.replace(/\\(.)/g, '$1') });
      at += quoted[0].length;
    } else if (literal) {
      const length = Number(literal[1]);
      found.push({ text: rest.slice(literal[0].length, literal[0].length + length) });
      at += literal[0].length + length;
    } else if (rest.startsWith('(') || rest.startsWith(')')) {
      found.push({ text: rest[0]! });
      at += 1;
    } else {
      const atom = /^(?:[^\s()"[]|\[[^\]]*\])+/.exec(rest)?.[0] ?? rest[0]!;
      found.push({ text: atom });
      at += atom.length;
    }
  }
  return found;
}

export function parseFetch(args: readonly Token[]): { name: string; length: number | null }[] {
  return args.filter((arg) => arg.text !== '(' && arg.text !== ')').flatMap((arg) => {
    const name = arg.text.toUpperCase();
    const body = /^BODY(?:\.PEEK)?\[\](?:<0\.(\d+)>)?$/.exec(name);
    if (body) return [{ name: 'BODY', length: body[1] === undefined ? null : Number(body[1]) }];
    return ['UID', 'INTERNALDATE', 'RFC822.SIZE', 'FLAGS'].includes(name) ? [{ name, length: null }] : [];
  });
}

type Fits = (mail: StoredMail) => boolean;

function headerFits(mail: StoredMail, name: string, value: string): boolean {
  const head = mail.source.toString('latin1').split('\r\n\r\n')[0]!.replace(/\r\n[ \t]+/g, ' ');
  return head.split('\r\n').some((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`) && line.toLowerCase().includes(value.toLowerCase()));
}

/** Keys are joined by "and". @throws Error for one that this server does not know. */
export function parseSearch(args: readonly Token[], range: (set: string, uid: boolean) => Set<StoredMail>): Fits {
  const all: Fits[] = [];
  for (let i = 0; i < args.length; i++) {
    const key = args[i]!.text.toUpperCase();
    if (key === 'ALL' || key === '(' || key === ')') continue;
    if (key === 'CHARSET') i += 1;
    else if (key === 'UID') {
      const set = range(args[++i]!.text, true);
      all.push((mail) => set.has(mail));
    } else if (key === 'SINCE') {
      const from = Date.parse(`${args[++i]!.text.replace(/-/g, ' ')} UTC`);
      all.push((mail) => mail.at >= from);
    } else if (key === 'HEADER') {
      const [name, value] = [args[++i]!.text, args[++i]!.text];
      all.push((mail) => headerFits(mail, name, value));
    } else if (/^[\d:*,]+$/.test(key)) {
      const set = range(key, false);
      all.push((mail) => set.has(mail));
    } else throw new Error(`the practice mail server does not know SEARCH ${key}`);
  }
  return (mail) => all.every((fits) => fits(mail));
}
