import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** One key (`j`, `Enter`, `ArrowDown`, `?`) or with Ctrl/Cmd (`mod+k`). */
  readonly keys: readonly string[];
  /** What it does, in words, for the list of keys. */
  readonly label: string;
  /** How the keys are shown. */
  readonly shown: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Also while a field has the focus. */
  readonly inFields?: boolean;
}

type Layer = { readonly current: readonly Shortcut[] };
const layers: Layer[] = [];
const listeners = new Set<() => void>();
let snapshot: readonly Shortcut[] = [];

function publish(): void {
  const seen = new Set<string>();
  snapshot = layers.toReversed().flatMap((layer) => layer.current).filter((s) => !seen.has(s.shown) && seen.add(s.shown));
  for (const listener of listeners) listener();
}

const inField = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
const onControl = (event: KeyboardEvent) => event.key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('button, a, [role="option"], [role="menuitem"]') !== null;
/** A dialog takes its Escape before the key reaches this list, and may be gone by then: the key was its own. */
let dialogAtPress = false;
const notePress = () => { dialogAtPress = dialogOpen(); };
const dialogOpen = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const mod = event.ctrlKey || event.metaKey;
  const name = (mod ? 'mod+' : '') + (event.shiftKey && event.key.startsWith('Arrow') ? 'shift+' : '') + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  const field = inField(event.target);
  if (!mod && (onControl(event) || dialogAtPress || dialogOpen())) return;
  for (const layer of layers.toReversed()) {
    const match = layer.current.find((s) => s.keys.includes(name) && (!field || s.inFields));
    if (!match) continue;
    event.preventDefault();
    match.run(event);
    return;
  }
}

/** Listens while mounted; what is mounted later goes first. */
export function useShortcuts(shortcuts: readonly Shortcut[], enabled = true): void {
  const layer = useRef<readonly Shortcut[]>(shortcuts);
  layer.current = enabled ? shortcuts : [];
  useEffect(() => {
    if (layers.length === 0) { window.addEventListener('keydown', handle); window.addEventListener('keydown', notePress, true); }
    layers.push(layer);
    publish();
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) { window.removeEventListener('keydown', handle); window.removeEventListener('keydown', notePress, true); }
      publish();
    };
  }, []);
}

/** The keys that work just now, for the list of keys. */
export function useActiveShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener); }, () => snapshot);
}
