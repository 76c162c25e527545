import type { Money as Amount } from '#kernel/money.ts';
import { useFormat } from './format.ts';

interface MoneyProps {
  readonly value: Amount | null | undefined;
  /** A figure that is estimated is marked with ≈; a booked one is not. */
  readonly estimated?: boolean;
  /** Coloured and signed as profit or loss. */
  readonly result?: boolean;
  readonly strong?: boolean;
  /** Without minor units, for headlines. */
  readonly whole?: boolean;
}

export function Money({ value, estimated = false, result = false, strong = false, whole = false }: MoneyProps) {
  const format = useFormat();
  if (!value) return <span className="num muted" aria-hidden="true">–</span>;
  const tone = result ? (value.minor > 0 ? ' profit' : value.minor < 0 ? ' loss' : '') : '';
  return (
    <span className={`num${tone}`} style={strong ? { fontWeight: 650 } : undefined} dir="ltr">
      {estimated ? '≈ ' : ''}{format.money(value, { sign: result, whole })}
    </span>
  );
}

/** An amount in its own currency, with the home currency beside it when they differ. */
export function DualMoney({ value, home }: { readonly value: Amount; readonly home: Amount | null }) {
  return (
    <span>
      <Money value={value} />
      {home && home.currency !== value.currency ? <span className="muted"> (<Money value={home} estimated />)</span> : null}
    </span>
  );
}
