/**
 * `intended` stored, the channel has not heard; `calling` a call is under way, or was when the program ended; `told` the channel took it, and what it shows has not been read;
 * `proved` the channel shows no more than it may; `moot` stock came back before it was told; `stopped` the channel refused, and a person decides.
 */
export type LockState = 'intended' | 'calling' | 'told' | 'proved' | 'moot' | 'stopped';

export const LOCK_TRANSITIONS: Readonly<Record<LockState, readonly LockState[]>> = {
  intended: ['calling'],
  calling: ['intended', 'calling', 'told', 'proved', 'moot', 'stopped'],
  told: ['calling'],
  stopped: ['intended'],
  proved: [],
  moot: [],
};

export const FIRST_STATES: readonly LockState[] = ['intended'];
/** States that the worker goes on with. */
export const OPEN_STATES: readonly LockState[] = ['intended', 'calling', 'told'];
