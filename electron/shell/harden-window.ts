import { shell } from 'electron';
import type { App, Session, WebContents } from 'electron';
import { contentSecurityPolicyText } from '#app/transports/security-headers.ts';
import { isAppUrl, mayOpenOutside } from './app-address.ts';

/** Nothing that a page asks of the machine is granted but to show the person a notification, and no response enters the window without the policy. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback) => callback(permission === 'notifications' && contents !== null && isAppUrl(contents.getURL())));
  session.setPermissionCheckHandler((_contents, permission, origin) => permission === 'notifications' && isAppUrl(origin.replace(/\/$/, '')));
  session.setDevicePermissionHandler(() => false);
  const policy = contentSecurityPolicyText();
  session.webRequest.onHeadersReceived((details, callback) => {
    const kept = Object.entries(details.responseHeaders ?? {}).filter(([name]) => name.toLowerCase() !== 'content-security-policy');
    callback({ responseHeaders: { ...Object.fromEntries(kept), 'Content-Security-Policy': [policy] } });
  });
}

function stayInside(event: { preventDefault(): void; readonly url: string }): void {
  if (!isAppUrl(event.url)) event.preventDefault();
}

/** No page leaves the window's own origin, none opens another window; web links go to the person's browser. */
export function hardenContents(contents: WebContents): void {
  contents.on('will-navigate', stayInside);
  contents.on('will-frame-navigate', stayInside);
  contents.on('will-redirect', stayInside);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** Every page that is ever made, also by a mistake of ours, is held to the same rules. */
export function hardenApp(app: App): void {
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
}
