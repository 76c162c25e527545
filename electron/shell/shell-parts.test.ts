import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileBehind, isAppUrl, mayOpenOutside } from './app-address.ts';
import { keepWindowState, placeWindow, readWindowState, SMALLEST } from './window-state.ts';

const screen = { x: 0, y: 25, width: 1_920, height: 1_055 };
const second = { x: 1_920, y: 0, width: 1_280, height: 1_024 };

describe('the place of the window', () => {
  it('is the middle of the first screen at the first start', () => {
    expect(placeWindow(null, [screen, second])).toEqual({ x: 280, y: 123, width: 1_360, height: 860, maximized: false });
  });

  it('is where it was while a hand can reach it there', () => {
    const kept = { x: 2_000, y: 100, width: 1_000, height: 700, maximized: true };
    expect(placeWindow(kept, [screen, second])).toEqual(kept);
  });

  it.each([
    ['its screen was unplugged', { x: 2_000, y: 100 }, [screen]],
    ['only a sliver shows', { x: 1_900, y: 100 }, [screen]],
    ['its title bar is above the screen', { x: 100, y: -600 }, [screen]],
    ['it is below the screen', { x: 100, y: 1_075 }, [screen]],
  ])('is the middle again when %s', (_why, corner, screens) => {
    expect(placeWindow({ ...corner, width: 1_000, height: 700, maximized: false }, screens)).toEqual({ x: 460, y: 203, width: 1_000, height: 700, maximized: false });
  });

  it('fits its screen, and is never too small to use', () => {
    expect(placeWindow({ x: 0, y: 25, width: 9_000, height: 9_000, maximized: false }, [screen])).toMatchObject({ width: 1_920, height: 1_055 });
    expect(placeWindow({ x: 0, y: 25, width: 10, height: 10, maximized: false }, [screen])).toMatchObject(SMALLEST);
  });

  it('is forgotten when the file says nonsense', () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'window-'));
    const file = path.join(dir, 'window-state.json');
    expect(readWindowState(file)).toBeNull();
    for (const text of ['', '{', '{"x":1}', '{"x":1,"y":1,"width":-5,"height":1,"maximized":false}', '{"x":"1","y":1,"width":5,"height":1,"maximized":false}']) {
      writeFileSync(file, text);
      expect(readWindowState(file), text).toBeNull();
    }
    const state = { x: 1, y: 2, width: 800, height: 600, maximized: true };
    keepWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
    keepWindowState(path.join(dir, 'no/such/folder.json'), state);
    rmSync(dir, { recursive: true });
  });
});

describe('addresses of the window', () => {
  const dir = path.resolve('/desk/out/renderer');

  it('are files of the renderer, or views that the page answers itself', () => {
    expect(fileBehind('app://desk/assets/a.js', dir)).toEqual({ file: path.join(dir, 'assets/a.js'), type: 'text/javascript; charset=utf-8' });
    for (const view of ['app://desk', 'app://desk/', 'app://desk/opportunities/opp_1?tab=fees#x']) expect(fileBehind(view, dir)?.file, view).toBe(path.join(dir, 'index.html'));
  });

  it.each(['app://other/a.js', 'app://desk.evil.example/a.js', 'file:///a.js', 'https://desk/a.js', 'app://desk/..%2f..%2fsecret.json', 'app://desk/a%00.js', 'app://desk/..%5c..%5cx.js', 'app://desk/%E0%A4%A.js', 'app://desk/private.key'])('%s is none', (url) => {
    expect(fileBehind(url, dir)).toBeNull();
  });

  it('stay inside the folder when the address climbs', () => {
    expect(fileBehind('app://desk/%2e%2e/%2e%2e/package.json', dir)?.file).toBe(path.join(dir, 'package.json'));
  });

  it('are told from look-alikes', () => {
    expect(['app://desk', 'app://desk/x', 'app://deskx/', 'app://desk@evil.example/', 'https://app://desk/'].map(isAppUrl)).toEqual([true, true, false, false, false]);
  });
});

describe('links to the outside', () => {
  it.each([['https://www.ebay.com/itm/1', true], ['http://shop.example/p/1', true], ['http://127.0.0.1:4680/', false], ['http://localhost/', false], ['http://[::1]/', false], ['http://10.0.0.1/', false], ['http://172.20.1.1/', false], ['http://169.254.169.254/latest', false], ['https://user:pass@example.org/', false], ['file:///etc/passwd', false], ['javascript:alert(1)', false], ['smb://host/share', false], ['ms-msdt:/id', false], ['', false]])('%s: %s', (url, allowed) => {
    expect(mayOpenOutside(url)).toBe(allowed);
  });
});
