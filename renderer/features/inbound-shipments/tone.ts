import type { InboundState } from '#contract/inbound-shipments.ts';
import type { StatusTone } from '../../ui/status-badge.tsx';

export const INBOUND_TONES: Readonly<Record<InboundState, StatusTone>> = {
  draft: 'attention', planning: 'running', packing: 'attention', placing: 'running', choosing: 'attention', confirming: 'running', ready: 'attention', reporting: 'running', sent: 'running', receiving: 'running', differs: 'attention', closed: 'done', stopped: 'attention', cancelling: 'running', cancelled: 'ended',
};
/** The program or the channel is at work: what is shown is asked for again. */
export const AT_WORK: ReadonlySet<InboundState> = new Set(['planning', 'placing', 'confirming', 'reporting', 'cancelling']);
