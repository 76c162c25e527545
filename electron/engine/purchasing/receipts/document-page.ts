const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** What comes from shops and sellers is text, never markup. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);

/** Nothing in it runs or loads: the policy stands in the page itself, wherever it is opened. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
const STYLE = 'body{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}th{text-align:start;font-weight:normal;color:#555;padding-inline-end:1.5rem;vertical-align:top}td,th{padding-block:.2rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px;background:#f5f5f5;padding:1rem}';

/** A page of our own around a body that is markup already. `style` is added to the plain one. */
export function documentPage(title: string, body: string, { style = '', language = 'en', dir = 'ltr' }: { readonly style?: string; readonly language?: string; readonly dir?: 'ltr' | 'rtl' } = {}): string {
  return `<!doctype html>
<html lang="${language}"${dir === 'rtl' ? ' dir="rtl"' : ''}><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>${escapeHtml(title)}</title><style>${STYLE}${style}</style></head>
<body>${body}</body></html>
`;
}
