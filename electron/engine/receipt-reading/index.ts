export { readReceipt, SURE_BP, type ReadingContext } from './read-receipt.ts';
export { adviseOn, openFields } from './ask-advisor.ts';
export { DocumentError, type DocumentProblem, type DocumentText, type DocumentTextPort, type ReceiptAdvisorPort } from './ports.ts';
