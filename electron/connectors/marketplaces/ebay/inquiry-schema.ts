import { z } from 'zod';
import { moment, returnAmount } from './schema.ts';

const maybe = <T extends z.ZodType>(inner: T) => inner.nullish();
/** Numbers in a search and text in a detail, as eBay's reference types them. */
const id = z.union([z.string().min(1), z.int().nonnegative()]).transform(String);

const common = { itemId: maybe(id), transactionId: maybe(id), claimAmount: maybe(returnAmount), creationDate: moment, respondByDate: moment };
const inquirySchema = z.looseObject({ inquiryId: id, inquiryStatusEnum: maybe(z.string()), ...common });
export type EbayInquiry = z.infer<typeof inquirySchema>;
export const inquiriesSchema = z.looseObject({ members: maybe(z.array(inquirySchema)) });
export const inquiryDetailSchema = z.looseObject({ inquiryId: id, status: maybe(z.string()) });

const caseSchema = z.looseObject({ caseId: id, caseStatusEnum: maybe(z.string()), ...common });
export type EbayCase = z.infer<typeof caseSchema>;
export const casesSchema = z.looseObject({ members: maybe(z.array(caseSchema)) });

export const inquiryRefundedSchema = z.looseObject({ refundResult: maybe(z.looseObject({ refundStatus: maybe(z.string()) })) });
