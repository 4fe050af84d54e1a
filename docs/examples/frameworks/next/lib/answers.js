// The answers that several routes give.
const STATUS = { throttled: 429, locked: 403, 'proof-required': 403, 'not-enrolled': 500 };

export function refuse(answer) {
  const headers = answer.reason === 'throttled' ? { 'Retry-After': String(answer.retryAfter) } : {};
  return Response.json(answer, { status: STATUS[answer.reason] ?? 422, headers });
}

export const notSignedIn = () => new Response(null, { status: 401 });

/** Secrets and recovery codes are shown once, and no cache keeps them. */
export const showOnce = (body) => Response.json(body, { headers: { 'Cache-Control': 'no-store' } });

export const bodyOf = (request) => request.json().catch(() => undefined);
