const kept = (query: Readonly<Record<string, unknown>>) => Object.entries(query).filter(([key, value]) => value !== undefined && key !== 'open').map(([key, value]) => `${key}=${String(value)}`).toSorted().join('&');

/** Whether two addresses list the same: which row is open does not count. */
export const isSameView = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean => kept(a) === kept(b);

/** Asks once whether the computer may tell; call it from a click. */
export async function askToNotify(): Promise<boolean> {
  if (!('Notification' in window) || Notification.permission === 'denied') return false;
  return Notification.permission === 'granted' || (await Notification.requestPermission()) === 'granted';
}
