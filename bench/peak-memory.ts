import { readFileSync } from 'node:fs';

/** The most memory that this process had resident, in MB. Linux hands `maxRSS` on from the process that started it, so there the kernel's own mark of this program is read. */
export function peakMemoryMb(): number {
  if (process.platform === 'linux') {
    const mark = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (mark !== undefined) return Number(mark) / 1_024;
  }
  return process.resourceUsage().maxRSS / 1_024;
}
