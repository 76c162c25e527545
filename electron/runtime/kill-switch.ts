import type { KillSwitch } from './ports.ts';

export interface HeldKillSwitch extends KillSwitch {
  /** At once, before anything is stored: whatever has not left yet does not leave. */
  press(): void;
  /** After the release was stored. */
  release(): void;
}

/** The switch as this process holds it, beside what is stored: the stored word survives a restart, the held one needs no waiting. */
export async function createKillSwitch(stored: () => Promise<boolean>): Promise<HeldKillSwitch> {
  let on = await stored();
  return {
    isOn: async () => on || (await stored()),
    isOnNow: () => on,
    press: () => void (on = true),
    release: () => void (on = false),
  };
}
