/** A language model's opinion beside a decision. */
export { formOpinion, readOpinion, recallOpinion, type OpinionsDeps } from './form-opinion.ts';
export { registerOpinions, scheduleOpinions } from './form-opinions.ts';
export { createOpinionProcedures } from './procedures.ts';
export { opinionQuestion, unfit, type OpinionAnswer } from './question.ts';
