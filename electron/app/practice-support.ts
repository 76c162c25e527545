import type { DeskClient } from './compose.ts';

/** What the person of a run says where no rule does: it promises nothing. */
const HOLDING = { en: 'Thank you for your message. A colleague is looking into it and will write to you.', fr: 'Merci pour votre message. Un collègue regarde cela et vous écrira.', ar: 'شكرا على رسالتكم. زميل لنا ينظر في الأمر وسيكتب لكم.' } as const;

/** Replies may go by themselves where they earn it. */
export async function allowOwnReplies(client: DeskClient): Promise<void> {
  const { value, version } = await client.support.policy();
  await client.support.setPolicy({ value: { ...value, autoSend: ['shipping', 'return', 'payment'] }, version });
}

/** The person's morning in the inbox: drafts go as they are, the rest gets a word. */
export async function answerCustomers(client: DeskClient): Promise<void> {
  const { items } = await client.support.list({ owed: true, limit: 200 });
  for (const ticket of items) {
    if (ticket.state === 'open') continue;
    const { draft, messages } = await client.support.get({ id: ticket.id });
    if (messages.some((message) => message.state === 'queued' || message.state === 'sending')) continue;
    await client.support.send({ id: ticket.id, version: ticket.version, text: draft?.text ?? HOLDING[ticket.language] });
  }
}
