/** A better-auth plugin over `otpcore/second-factor`: sign-in waits for a code that counts once. */
import type { BetterAuthPlugin, DBAdapter } from 'better-auth';
import {
  APIError,
  createAuthEndpoint,
  createAuthMiddleware,
  sensitiveSessionMiddleware,
} from 'better-auth/api';
import { deleteSessionCookie, expireCookie, setSessionCookie } from 'better-auth/cookies';
import { createSecondFactor, type Sealer, type SecondFactor } from 'otpcore/second-factor';
import * as z from 'zod';
import { betterAuthFactorStore, factorSchema } from './store.js';

export interface SecondFactorPluginOptions {
  /** Shown by the authenticator app. */
  readonly issuer: string;
  /** Seals secrets with keys of their own, so that better-auth's secret can change alone. */
  readonly sealer: Sealer;
  /** Seconds in which a sign-in may be completed; 600 by default. */
  readonly challengeSeconds?: number | undefined;
}

const SIGN_IN = new Set(['/sign-in/email', '/sign-in/username', '/sign-in/phone-number']);
const COOKIE = 'otp_challenge';
const password = z.string();
const code = z.string();

export function secondFactor(options: SecondFactorPluginOptions) {
  const seconds = options.challengeSeconds ?? 600;
  const factors = new WeakMap<object, SecondFactor>();

  function factorOf(adapter: DBAdapter): SecondFactor {
    const made = factors.get(adapter);
    if (made) return made;
    const { issuer, sealer } = options;
    const second = createSecondFactor({ issuer, sealer, store: betterAuthFactorStore(adapter) });
    factors.set(adapter, second);
    return second;
  }

  async function requirePassword(ctx: any, typed: string) {
    const userId = ctx.context.session.user.id;
    const right = await ctx.context.password.checkPassword(userId, {
      ...ctx,
      body: { password: typed },
    });
    if (!right) throw new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD' });
  }

  async function complete(ctx: any, run: (second: SecondFactor, userId: string) => Promise<any>) {
    const cookie = ctx.context.createAuthCookie(COOKIE, { maxAge: seconds });
    const identifier = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
    const { internalAdapter } = ctx.context;
    const challenge = identifier && (await internalAdapter.findVerificationValue(identifier));
    if (!challenge || challenge.expiresAt <= new Date()) throw unauthorized('INVALID_CHALLENGE');
    const answer = await run(factorOf(ctx.context.adapter), challenge.value);
    if (!answer.ok) throw refused(answer);
    // Consumed at once: a second right code cannot open a second session on this challenge.
    const consumed = await internalAdapter.consumeVerificationValue(identifier);
    const user = consumed && (await internalAdapter.findUserById(consumed.value));
    if (!user || user.id !== challenge.value) throw unauthorized('INVALID_CHALLENGE');
    const { dontRememberToken } = ctx.context.authCookies;
    const brief = await ctx.getSignedCookie(dontRememberToken.name, ctx.context.secret);
    const session = await internalAdapter.createSession(user.id, !!brief);
    await setSessionCookie(ctx, { session, user });
    expireCookie(ctx, cookie);
    return ctx.json({ status: true, recoveryCodesLeft: answer.recoveryCodesLeft });
  }

  const body = z.object({ code });
  const signedIn = [sensitiveSessionMiddleware];
  return {
    id: 'otpcore-second-factor',
    schema: factorSchema,
    endpoints: {
      enableSecondFactor: createAuthEndpoint(
        '/second-factor/enable',
        { method: 'POST', use: signedIn, body: z.object({ password, proof: code.optional() }) },
        async (ctx) => {
          await requirePassword(ctx, ctx.body.password);
          const { user } = ctx.context.session;
          const proof = ctx.body.proof === undefined ? {} : { proof: { code: ctx.body.proof } };
          const second = factorOf(ctx.context.adapter);
          const answer = await second.enroll(user.id, { account: user.email, ...proof });
          if (!answer.ok) throw refused(answer);
          return ctx.json({ enrollmentId: answer.enrollmentId, totpURI: answer.uri });
        },
      ),
      confirmSecondFactor: createAuthEndpoint(
        '/second-factor/confirm',
        { method: 'POST', use: signedIn, body: z.object({ enrollmentId: z.string(), code }) },
        async (ctx) => {
          const { session, user } = ctx.context.session;
          const second = factorOf(ctx.context.adapter);
          const answer = await second.confirm(user.id, ctx.body.enrollmentId, [ctx.body.code]);
          if (!answer.ok) throw refused(answer);
          const { internalAdapter } = ctx.context;
          // Every session from before knew the password alone.
          await internalAdapter.deleteUserSessions(user.id);
          const fresh = await internalAdapter.createSession(user.id, false);
          if (!fresh || fresh.token === session.token) throw unauthorized('SESSION_NOT_ROTATED');
          await setSessionCookie(ctx, { session: fresh, user });
          return ctx.json({ status: true, recoveryCodes: answer.recoveryCodes ?? [] });
        },
      ),
      generateRecoveryCodes: createAuthEndpoint(
        '/second-factor/generate-recovery-codes',
        { method: 'POST', use: signedIn, body: z.object({ password, code }) },
        async (ctx) => {
          await requirePassword(ctx, ctx.body.password);
          const proof = { code: ctx.body.code };
          const { id } = ctx.context.session.user;
          const answer = await factorOf(ctx.context.adapter).regenerateRecoveryCodes(id, { proof });
          if (!answer.ok) throw refused(answer);
          return ctx.json({ recoveryCodes: answer.recoveryCodes });
        },
      ),
      disableSecondFactor: createAuthEndpoint(
        '/second-factor/disable',
        {
          method: 'POST',
          use: signedIn,
          body: z.object({ password, authenticatorId: z.string(), code }),
        },
        async (ctx) => {
          await requirePassword(ctx, ctx.body.password);
          const { authenticatorId, code } = ctx.body;
          const { id } = ctx.context.session.user;
          const second = factorOf(ctx.context.adapter);
          const answer = await second.remove(id, authenticatorId, { proof: { code } });
          if (!answer.ok) throw refused(answer);
          return ctx.json({ state: answer.state });
        },
      ),
      verifyTotp: createAuthEndpoint(
        '/second-factor/verify-totp',
        { method: 'POST', body },
        (ctx) => complete(ctx, (second, userId) => second.verify(userId, ctx.body.code)),
      ),
      verifyRecoveryCode: createAuthEndpoint(
        '/second-factor/verify-recovery-code',
        { method: 'POST', body },
        (ctx) => complete(ctx, (second, userId) => second.recover(userId, ctx.body.code)),
      ),
      secondFactorStatus: createAuthEndpoint(
        '/second-factor/status',
        { method: 'GET', use: signedIn },
        async (ctx) => {
          const second = factorOf(ctx.context.adapter);
          return ctx.json(await second.status(ctx.context.session.user.id));
        },
      ),
    },
    hooks: {
      after: [
        {
          matcher: ({ path }) => SIGN_IN.has(path ?? ''),
          handler: createAuthMiddleware(async (ctx) => {
            const made = ctx.context.newSession;
            if (!made) return;
            const { internalAdapter } = ctx.context;
            // If reading the factor fails, the session goes too.
            const { state } = await factorOf(ctx.context.adapter)
              .status(made.user.id)
              .catch(async (error) => {
                deleteSessionCookie(ctx, true);
                await internalAdapter.deleteSession(made.session.token);
                throw error;
              });
            if (state === 'none' || state === 'pending') return;
            deleteSessionCookie(ctx, true);
            await internalAdapter.deleteSession(made.session.token);
            ctx.context.setNewSession(null);
            const identifier = `otp-${crypto.randomUUID()}`;
            const expiresAt = new Date(Date.now() + seconds * 1000);
            const value = made.user.id;
            await internalAdapter.createVerificationValue({ value, identifier, expiresAt });
            const cookie = ctx.context.createAuthCookie(COOKIE, { maxAge: seconds });
            await ctx.setSignedCookie(
              cookie.name,
              identifier,
              ctx.context.secret,
              cookie.attributes,
            );
            return ctx.json({ twoFactorRedirect: true, twoFactorMethods: ['totp'] });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

function unauthorized(reason: string): APIError {
  return new APIError('UNAUTHORIZED', { code: reason });
}

function refused(answer: { reason: string; retryAfter?: number }): APIError {
  const body = { code: answer.reason.toUpperCase().replaceAll('-', '_'), message: answer.reason };
  if (answer.reason !== 'throttled') return new APIError('UNAUTHORIZED', body);
  const seconds = String(Math.ceil(answer.retryAfter ?? 1));
  return new APIError('TOO_MANY_REQUESTS', body, { 'Retry-After': seconds });
}
