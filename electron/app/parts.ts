import type { HeldKillSwitch } from '#runtime/kill-switch.ts';
import type { EngineContext } from '#runtime/ports.ts';
import type { ApprovalsDeps } from '#engine/flows/approvals/index.ts';
import type { TradeDeps } from '#engine/flows/index.ts';
import type { PriceListsDeps } from '#engine/flows/price-lists/index.ts';
import type { ScanDeps } from '#engine/flows/scan.ts';
import type { OpportunitiesDeps } from '#engine/opportunities/index.ts';
import type { PaymentsDeps } from '#engine/payments/index.ts';
import type { NoticesDeps } from '#engine/flows/notices/index.ts';
import type { InboundDeps } from '#engine/inbound-shipments/index.ts';
import type { NegotiationDeps } from '#engine/negotiation/index.ts';
import type { ReorderDeps } from '#engine/reorder/index.ts';
import type { RepricingDeps } from '#engine/repricing/index.ts';
import type { SettingsDeps } from '#engine/settings/index.ts';
import type { SupportDeps } from '#engine/support/index.ts';
import type { SourcesDeps } from '#engine/sources/index.ts';
import type { WatchDeps } from '#engine/watch/index.ts';
import type { AssistantParts } from './assistant-parts.ts';
import type { AppOptions } from './options.ts';

/** Everything that the procedures are built on. */
export interface AppParts {
  readonly ctx: EngineContext;
  readonly options: AppOptions;
  readonly killSwitch: HeldKillSwitch;
  readonly settings: SettingsDeps;
  readonly scan: ScanDeps;
  readonly sources: SourcesDeps;
  readonly opportunities: OpportunitiesDeps;
  readonly trade: TradeDeps;
  readonly inbound: InboundDeps;
  readonly notices: NoticesDeps;
  readonly payments: PaymentsDeps;
  readonly reorder: ReorderDeps;
  readonly repricing: RepricingDeps;
  readonly negotiation: NegotiationDeps;
  readonly support: SupportDeps;
  readonly watch: WatchDeps;
  readonly approvals: ApprovalsDeps;
  readonly importsDir: string;
  readonly priceLists: PriceListsDeps;
  readonly assistant: AssistantParts;
}
