import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { opinionsContract } from '#contract/opinions.ts';
import { formOpinion, readOpinion, type OpinionsDeps } from './form-opinion.ts';

export function createOpinionProcedures(deps: OpinionsDeps) {
  const os = implement(opinionsContract).use(declaredErrors);
  return os.router({
    get: os.get.handler(({ input }) => readOpinion(deps, input.id)),
    ask: os.ask.handler(({ input }) => formOpinion(deps, input.id)),
  });
}
