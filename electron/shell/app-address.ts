import path from 'node:path';
import { APP_ORIGIN } from './window-origin.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json; charset=utf-8', '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.webp': 'image/webp', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.webmanifest': 'application/manifest+json',
};

export const isAppUrl = (url: string): boolean => url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`);

/** The file behind an address of the window, or null where there is none that may be read. Addresses of views are answered by the page itself. */
export function fileBehind(url: string, rendererDir: string): { readonly file: string; readonly type: string } | null {
  if (!isAppUrl(url)) return null;
  let pathname: string;
  try {
    pathname = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  if (pathname.includes('\0') || pathname.includes('\\')) return null;
  const extension = path.extname(pathname);
  if (extension === '') return { file: path.join(rendererDir, 'index.html'), type: TYPES['.html']! };
  const file = path.resolve(rendererDir, `.${pathname}`);
  const type = TYPES[extension.toLowerCase()];
  if (type === undefined || !file.startsWith(rendererDir + path.sep)) return null;
  return { file, type };
}

/** True for an address that a person's browser may be asked to open: a web page, without credentials in it, and not one of this machine's own services. */
export function mayOpenOutside(url: string): boolean {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return false;
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return false;
  if (parsed.username !== '' || parsed.password !== '' || url.length > 4_000) return false;
  return parsed.protocol === 'https:' || !/^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[.*\]|10\..*|192\.168\..*|169\.254\..*|172\.(1[6-9]|2\d|3[01])\..*)$/.test(parsed.hostname);
}
