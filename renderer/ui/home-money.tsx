import type { ComponentProps } from 'react';
import { Money } from './money.tsx';
import { useHomeValue } from './use-home-value.ts';

/** An amount in its own currency, with its value at home at today's rate of the business beside it when they differ. */
export function HomeMoney(props: ComponentProps<typeof Money>) {
  const homeValue = useHomeValue();
  const home = props.value ? homeValue(props.value) : null;
  return <span><Money {...props} />{home ? <span className="muted"> (<Money value={home} estimated />)</span> : null}</span>;
}
