import './key-hint.css';

/** Keys as they are written on the keyboard: `Ctrl+K`, `J`. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return <span className="key-hint" aria-hidden="true" dir="ltr">{keys.split('+').map((key) => <kbd key={key}>{key}</kbd>)}</span>;
}
