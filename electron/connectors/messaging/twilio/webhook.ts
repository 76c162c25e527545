/** Twilio's webhook of an incoming SMS, for a host that has a public address. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { IncomingText } from '#engine/negotiation/ports.ts';

/** HMAC-SHA1 over the full address as Twilio called it, followed by each parameter's name and value, sorted by name; base64 (Twilio: Security, Validating Signatures). */
export function twilioSignature(authToken: string, url: string, parameters: Readonly<Record<string, string>>): string {
  const data = Object.keys(parameters).sort().reduce((text, name) => text + name + parameters[name]!, url);
  return createHmac('sha1', authToken).update(Buffer.from(data, 'utf8')).digest('base64');
}

export function verifyTwilioSignature(authToken: string, signature: string, call: { readonly url: string; readonly parameters: Readonly<Record<string, string>> }): boolean {
  const [expected, given] = [Buffer.from(twilioSignature(authToken, call.url, call.parameters)), Buffer.from(signature)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

const bodySchema = z.looseObject({ MessageSid: z.string().min(1), From: z.string().min(1), Body: z.string().default('') });

/** The message in a webhook's form; null for one that is no message. A repeat carries the same `MessageSid`, and is kept once. */
export function incomingSms(parameters: Readonly<Record<string, string>>, at: Instant): IncomingText | null {
  const body = bodySchema.safeParse(parameters);
  if (!body.success) return null;
  return { externalId: body.data.MessageSid, sender: body.data.From, subject: null, text: body.data.Body, at, tag: null, answers: [], automatic: false };
}
