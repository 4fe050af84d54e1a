/** Answers to the client: a refusal's reason becomes a status and an error code. */
import { APIError } from 'better-auth/api';

interface Refused {
  readonly reason: string;
  readonly retryAfter?: number;
}

export function unauthorized(reason: string): APIError {
  return new APIError('UNAUTHORIZED', { code: reason });
}

export function refused(answer: Refused): APIError {
  const body = { code: answer.reason.toUpperCase().replaceAll('-', '_'), message: answer.reason };
  if (answer.reason !== 'throttled') return new APIError('UNAUTHORIZED', body);
  const seconds = String(Math.ceil(answer.retryAfter ?? 1));
  return new APIError('TOO_MANY_REQUESTS', body, { 'Retry-After': seconds });
}
