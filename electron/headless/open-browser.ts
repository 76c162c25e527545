import { spawn } from 'node:child_process';

/** The platform's own way to open an address in the user's browser. */
export function browserCommand(platform: NodeJS.Platform, url: string): readonly [command: string, args: readonly string[]] {
  if (platform === 'darwin') return ['open', [url]];
  // `start` is a word of cmd, whose first quoted argument is a window title; & would end the command.
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', url.replaceAll('&', '^&')]];
  return ['xdg-open', [url]];
}

/** Opens the browser if that can be done; the address was printed, so nothing is lost where it cannot. */
export function openBrowser(url: string): void {
  const [command, args] = browserCommand(process.platform, url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
