/** Parameters that say where a visitor came from, not which page this is. */
const TRACKING = /^(?:utm_\w+|gclid|gbraid|wbraid|fbclid|msclkid|dclid|yclid|mc_[ce]id|_ga|_gl|igshid|srsltid|ref_src|zanpid|irclickid)$/i;

/**
 * One spelling for each page: without fragment and tracking parameters, the others in the order of their names, no default port, no doubled slashes.
 * A closing slash and upper case in the path stay: sites may tell pages apart by them.
 * @param url absolute
 */
export function canonicalUrl(url: string): string {
  const canonical = new URL(url);
  canonical.hash = '';
  canonical.username = '';
  canonical.password = '';
  canonical.pathname = normalisePath(canonical.pathname);
  if (canonical.search !== '') {
    const kept = [...canonical.searchParams].filter(([name]) => !TRACKING.test(name)).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    canonical.search = new URLSearchParams(kept).toString();
  }
  return canonical.href;
}

/** `%7E` is `~`, and `%c3` is `%C3` (RFC 3986, 6.2.2). */
function normalisePath(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/%[0-9a-f]{2}/gi, (escape) => {
    const char = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(char) ? char : escape.toUpperCase();
  });
}
