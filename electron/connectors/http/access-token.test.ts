import { describe, expect, it } from 'vitest';
import { ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { AccessToken } from './index.ts';

describe('an access token', () => {
  it('is fetched once for all who ask at the same time, and again shortly before it ends', async () => {
    let fetched = 0;
    const clock = new ManualClock(0);
    const token = new AccessToken(async () => ({ access_token: `t${++fetched}`, expires_in: 3_600, token_type: 'bearer' }), clock);
    expect(await Promise.all([token.get(), token.get(), token.get()])).toEqual(['t1', 't1', 't1']);
    clock.advanceTo(58 * MINUTE_MS);
    expect(await token.get()).toBe('t1');
    clock.advanceTo(59 * MINUTE_MS);
    expect(await token.get()).toBe('t2');
  });

  it('is not kept when it was forgotten while it was fetched', async () => {
    let fetched = 0;
    const token = new AccessToken(async () => ({ access_token: `t${++fetched}`, expires_in: 3_600, token_type: 'bearer' }), new ManualClock(0));
    const first = token.get();
    token.forget();
    expect(await token.get()).toBe('t2');
    expect(await first).toBe('t1');
    expect(await token.get()).toBe('t2');
  });

  it('lets one caller give up without failing the others, and tries again after a failure', async () => {
    let release: (() => void) | undefined;
    let fail = true;
    const token = new AccessToken(async () => {
      await new Promise<void>((resolve) => (release = resolve));
      if (fail) throw new Error('no');
      return { access_token: 't', expires_in: 60, token_type: 'bearer' };
    }, new ManualClock(0));
    const stop = new AbortController();
    const quitter = token.get(stop.signal);
    const other = token.get();
    stop.abort(new Error('enough'));
    await expect(quitter).rejects.toThrow('enough');
    release!();
    await expect(other).rejects.toThrow('no');
    fail = false;
    const again = token.get();
    release!();
    expect(await again).toBe('t');
  });
});
