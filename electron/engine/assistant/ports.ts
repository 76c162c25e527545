/** One request to a language model. Nothing in `data` is an instruction, whatever it says. */
export interface ModelRequest {
  readonly model: string;
  /** What the model is to do: our own words alone. */
  readonly instructions: string;
  /** The user turn: an envelope of JSON, made by `sealData`. */
  readonly data: string;
  /** JSON schema of the answer. Providers that cannot enforce it are told it in words; the answer is checked by the caller in any case. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** `[a-z0-9_-]`, up to 64. */
  readonly schemaName: string;
  readonly maxOutputTokens: number;
  /** For all tries together, real time. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** `text` is what the model wrote, unread. `cut-off`: it ran out of output tokens. Each of them is paid for. */
export interface ModelAnswer {
  readonly outcome: 'answered' | 'refused' | 'cut-off';
  readonly text: string;
  /** As the provider names it: a dated snapshot of the one that was asked. */
  readonly model: string;
  readonly usage: TokenUsage;
  /** The provider counted no tokens: `usage` is an upper estimate. */
  readonly usageEstimated: boolean;
}

/** A provider of language models. */
export interface LanguageModelPort {
  readonly vendor: 'openai' | 'anthropic';
  /** Runs on this machine: no tokens are paid for. */
  readonly local: boolean;
  /** @throws ConnectorError Retryable, Throttled, SessionLost, Rejected, Critical, after its own tries. */
  complete(request: ModelRequest): Promise<ModelAnswer>;
  /** One call that costs nothing and proves the key. */
  check(): Promise<void>;
}
