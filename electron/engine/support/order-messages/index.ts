export { createOrderMessageProcedures } from './procedures.ts';
export { deleteOrderMessages, forgetOrderMessages, listMessages } from './repo.ts';
export { orderMessageWorkflow, SEND_ORDER_MESSAGE } from './send-message.ts';
