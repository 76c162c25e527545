import { ORPCError, os } from '@orpc/server';
import { DomainError } from '#kernel/errors.ts';

/**
 * Turns a `DomainError` whose code the procedure declares into that declared error, so that every transport answers it typed. A code that
 * is not declared, and anything else that is thrown, is a bug and goes on as it is.
 */
export const declaredErrors = os.middleware(async ({ next, procedure }) => {
  try {
    return await next();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const declared = procedure['~orpc'].errorMap[error.code];
    if (!declared) throw error;
    throw new ORPCError(error.code, { ...(declared.status === undefined ? {} : { status: declared.status }), message: error.message, data: error.data, cause: error });
  }
});
