/** Sessions and trusted devices, and their end when the factor changes. */
import type { GenericEndpointContext, User } from 'better-auth';
import { setSessionCookie } from 'better-auth/cookies';
import { unauthorized } from './answers.js';

/** The user of a trusted device, and the factor's epoch at the time. */
export interface Trust {
  readonly userId: string;
  readonly epoch: number;
}

const TRUST_COOKIE = 'otp_trust';
/** Cookies are signed without their names, so the text tells this one from the others. */
const TRUST_TEXT = /^otp-trust:(\d+):(\d+):(.+)$/s;

/** Opens a session in place of all others of the user. */
export async function replaceSessions(ctx: GenericEndpointContext, user: User): Promise<void> {
  await ctx.context.internalAdapter.deleteUserSessions(user.id);
  await openSession(ctx, user);
}

export async function openSession(ctx: GenericEndpointContext, user: User): Promise<void> {
  const { dontRememberToken } = ctx.context.authCookies;
  const brief = await ctx.getSignedCookie(dontRememberToken.name, ctx.context.secret);
  const session = await ctx.context.internalAdapter.createSession(user.id, !!brief);
  if (!session) throw unauthorized('SESSION_NOT_CREATED');
  await setSessionCookie(ctx, { session, user }, !!brief);
}

/** Remembers this device until `seconds` have passed or the factor's epoch rises. */
export async function trustDevice(
  ctx: GenericEndpointContext,
  { userId, epoch }: Trust,
  seconds: number,
): Promise<void> {
  const until = Date.now() + 1000 * seconds;
  const text = `otp-trust:${epoch}:${until}:${userId}`;
  const { name, attributes } = ctx.context.createAuthCookie(TRUST_COOKIE, { maxAge: seconds });
  await ctx.setSignedCookie(name, text, ctx.context.secret, attributes);
}

export async function isTrusted(
  ctx: GenericEndpointContext,
  { userId, epoch }: Trust,
): Promise<boolean> {
  const { name } = ctx.context.createAuthCookie(TRUST_COOKIE);
  const text = await ctx.getSignedCookie(name, ctx.context.secret);
  const [, trustedEpoch, until, trustedUser] = TRUST_TEXT.exec(text || '') ?? [];
  if (trustedUser !== userId || Number(trustedEpoch) !== epoch) return false;
  return Number(until) > Date.now();
}
