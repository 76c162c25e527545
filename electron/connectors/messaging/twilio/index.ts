export { createSmsChannel } from './channel.ts';
export { createTwilio, messageSchema, type Twilio, type TwilioCredentials, type TwilioMessage, type TwilioOptions } from './twilio-client.ts';
export { incomingSms, twilioSignature, verifyTwilioSignature } from './webhook.ts';
