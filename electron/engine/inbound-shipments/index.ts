export type { InboundChannel, InboundDeps } from './deps.ts';
export { createInboundProcedures } from './procedures.ts';
export { matchCharge, type ChargedPart } from './match-charge.ts';
export { atHome as valueAtHome } from './report-sent.ts';
export { registerInbound, scheduleInbound } from './register.ts';
