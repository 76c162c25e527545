export { calibrationError, thresholdAtPrecision, type SendThreshold } from './calibrate.ts';
export { foldsOf, trainIntentClassifier, type IntentAnswer, type IntentClassifier, type LabelledText } from './intent-classifier.ts';
export { findEscalation, type Escalation, type EscalationSignal } from './escalate.ts';
