/** A sign-in by password, held for the second factor: its challenge and its completion. */
import type { GenericEndpointContext } from 'better-auth';
import { deleteSessionCookie, expireCookie } from 'better-auth/cookies';
import type { FactorStatus, Refusal } from 'otpcore/second-factor';
import { refused, unauthorized } from './answers.js';
import { isTrusted, openSession, replaceSessions, trustDevice } from './sessions.js';

const COOKIE = 'otp_challenge';
/** Tells a challenge from better-auth's other verification values. */
const PREFIX = 'otp-challenge-';

export interface Completion {
  /** Seconds in which a sign-in may be completed. */
  readonly challengeSeconds: number;
  /** Seconds of trust in this device from now on; undefined leaves it unknown. */
  readonly trustSeconds?: number | undefined;
  /** After a recovery, the user's other sessions end. */
  readonly isRecovery?: boolean;
  check(userId: string): Promise<Accepted | Refusal>;
}

interface Accepted {
  readonly ok: true;
  readonly epoch: number;
  readonly recoveryCodesLeft: number;
}

/** Takes back the session of a right password, unless the device is trusted. */
export async function holdSignIn(
  ctx: GenericEndpointContext,
  readStatus: (userId: string) => Promise<FactorStatus>,
  seconds: number,
) {
  const made = ctx.context.newSession;
  if (!made) return undefined;
  const userId = made.user.id;
  try {
    const { state, epoch } = await readStatus(userId);
    if (state === 'none' || state === 'pending') return undefined;
    if (state === 'active' && (await isTrusted(ctx, { userId, epoch }))) return undefined;
  } catch (error) {
    // If the factor cannot be read, the session goes too.
    await takeBack(ctx, made.session.token);
    throw error;
  }
  await takeBack(ctx, made.session.token);
  await startChallenge(ctx, userId, seconds);
  return ctx.json({ twoFactorRedirect: true, twoFactorMethods: ['totp'] });
}

async function takeBack(ctx: GenericEndpointContext, token: string): Promise<void> {
  deleteSessionCookie(ctx, true);
  ctx.context.setNewSession(null);
  await ctx.context.internalAdapter.deleteSession(token);
}

async function startChallenge(ctx: GenericEndpointContext, value: string, seconds: number) {
  const identifier = `${PREFIX}${crypto.randomUUID()}`;
  const expiresAt = new Date(Date.now() + seconds * 1000);
  await ctx.context.internalAdapter.createVerificationValue({ value, identifier, expiresAt });
  const { name, attributes } = ctx.context.createAuthCookie(COOKIE, { maxAge: seconds });
  await ctx.setSignedCookie(name, identifier, ctx.context.secret, attributes);
}

/** Opens the session once the check is passed. */
export async function completeSignIn(ctx: GenericEndpointContext, completion: Completion) {
  const { identifier, userId } = await readChallenge(ctx);
  const answer = await completion.check(userId);
  if (!answer.ok) throw refused(answer);
  const { internalAdapter } = ctx.context;
  // Consumed at once: a second right code cannot open a second session on this challenge.
  const consumed = await internalAdapter.consumeVerificationValue(identifier);
  const user = consumed?.value === userId && (await internalAdapter.findUserById(userId));
  if (!user) throw unauthorized('INVALID_CHALLENGE');
  await (completion.isRecovery ? replaceSessions : openSession)(ctx, user);
  const { trustSeconds, challengeSeconds } = completion;
  if (trustSeconds) await trustDevice(ctx, { userId, epoch: answer.epoch }, trustSeconds);
  expireCookie(ctx, ctx.context.createAuthCookie(COOKIE, { maxAge: challengeSeconds }));
  return ctx.json({ status: true, recoveryCodesLeft: answer.recoveryCodesLeft });
}

async function readChallenge(ctx: GenericEndpointContext) {
  const { name } = ctx.context.createAuthCookie(COOKIE);
  const identifier = (await ctx.getSignedCookie(name, ctx.context.secret)) || '';
  if (!identifier.startsWith(PREFIX)) throw unauthorized('INVALID_CHALLENGE');
  const challenge = await ctx.context.internalAdapter.findVerificationValue(identifier);
  const isOpen = challenge && challenge.expiresAt > new Date();
  if (!isOpen) throw unauthorized('INVALID_CHALLENGE');
  return { identifier, userId: challenge.value };
}
