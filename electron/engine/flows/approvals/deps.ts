import type { EngineContext } from '#runtime/ports.ts';
import type { HeldKillSwitch } from '#runtime/kill-switch.ts';
import type { AuditHead } from '#runtime/audit-log.ts';
import type { OpportunitiesDeps } from '../../opportunities/index.ts';
import type { PurchasingDeps } from '../../purchasing/index.ts';
import type { ChatPort, RandomBytes } from '../../team/index.ts';

export interface RememberedHead extends AuditHead {
  readonly at: number;
  readonly keptIn: 'keychain' | 'settings';
}

/** Where the newest row's hash is remembered outside of the log. */
export interface HeadMemory {
  recall(): Promise<RememberedHead | null>;
  remember(head: AuditHead): Promise<void>;
}

export interface ApprovalsDeps {
  readonly ctx: EngineContext;
  readonly purchasing: PurchasingDeps;
  readonly opportunities: OpportunitiesDeps;
  readonly killSwitch: HeldKillSwitch;
  readonly heads: HeadMemory;
  /** From the system: codes and sessions are secrets. */
  readonly randomBytes: RandomBytes;
  readonly chat: ChatPort;
  /** A QR code as rows of `1` and `0`; absent: none is drawn. */
  readonly drawCode?: (text: string) => Promise<string[]>;
}
