export { AccessToken, tokenSchema, type TokenAnswer } from './access-token.ts';
export { DEFAULT_LIMITS, type ConnectorOptions, type Effect, type FailedAnswer, type HttpAnswer, type HttpCall, type HttpClientOptions, type HttpLimits, type VendorVerdict } from './call.ts';
export { fileForm } from './file-form.ts';
export { HttpClient } from './http-client.ts';
export { moneyFromNumber, moneyFromText, numberOf } from './read-amount.ts';
export { RateLimiter } from './rate-limiter.ts';
export { SteppedBucket, TokenBucket, windowQuota, type Bucket, type SteppedReading } from './token-bucket.ts';
export { excerptOf, faultsOf } from './unreadable.ts';
