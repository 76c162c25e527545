export { createEbayMessageChannel } from './channel.ts';
export { createEbayMessages, messageSchema, type EbayMessages, type EbayMessage, type EbayMessageOptions } from './message-client.ts';
