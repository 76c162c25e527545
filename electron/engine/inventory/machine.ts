/** A lot is on its way, then for sale, then used up; a return or a count can open it again. */
export type LotState = 'inbound' | 'on-hand' | 'closed';

export const LOT_TRANSITIONS: Readonly<Record<LotState, readonly LotState[]>> = {
  inbound: ['on-hand', 'closed'],
  'on-hand': ['closed'],
  closed: ['on-hand'],
};

/** The state that a received lot is in with so many units. */
export function stateWith(units: number): LotState {
  return units > 0 ? 'on-hand' : 'closed';
}
