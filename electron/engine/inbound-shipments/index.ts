export type { InboundChannel, InboundDeps } from './deps.ts';
export { createInboundProcedures } from './procedures.ts';
export { registerInbound, scheduleInbound } from './register.ts';
