/** A better-auth plugin over `otpcore/second-factor`: sign-in waits for a single-use code. */
import type { BetterAuthPlugin, DBAdapter, GenericEndpointContext } from 'better-auth';
import {
  APIError,
  createAuthEndpoint,
  createAuthMiddleware,
  sensitiveSessionMiddleware,
} from 'better-auth/api';
import { createSecondFactor, type Sealer, type SecondFactor } from 'otpcore/second-factor';
import * as z from 'zod';
import { refused } from './answers.js';
import { replaceSessions } from './sessions.js';
import { completeSignIn, holdSignIn } from './sign-in.js';
import { betterAuthFactorStore, factorSchema } from './store.js';

export interface SecondFactorPluginOptions {
  /** Shown by the authenticator app. */
  readonly issuer: string;
  /** Seals secrets with keys of their own: better-auth's secret can change alone. */
  readonly sealer: Sealer;
  /** Seconds in which a sign-in may be completed; 600 by default. */
  readonly challengeSeconds?: number | undefined;
  /** Seconds of trust in a device: 30 days by default; 0 switches trust off. */
  readonly trustSeconds?: number | undefined;
}

const SIGN_IN = new Set(['/sign-in/email', '/sign-in/username', '/sign-in/phone-number']);
const MONTH = 30 * 86_400;

const text = z.string();
const proofFields = { code: text.optional(), recoveryCode: text.optional() };
const bodies = {
  enable: z.object({ password: text, replaces: text.optional(), ...proofFields }),
  confirm: z.object({ enrollmentId: text, code: text, nextCode: text.optional() }),
  regenerate: z.object({ password: text, ...proofFields }),
  disable: z.object({ password: text, authenticatorId: text, ...proofFields }),
  totp: z.object({ code: text, trustDevice: z.boolean().optional() }),
  recovery: z.object({ code: text }),
  reset: z.object({ userId: text, by: text }),
};

export function secondFactor(options: SecondFactorPluginOptions) {
  const factorOf = factorsOf(options);
  return {
    id: 'otpcore-second-factor',
    schema: factorSchema,
    endpoints: {
      ...settingsEndpoints(factorOf),
      ...signInEndpoints(factorOf, options),
      ...resetEndpoint(factorOf),
    },
    hooks: {
      after: [
        {
          matcher: ({ path }) => SIGN_IN.has(path ?? ''),
          handler: createAuthMiddleware(async (ctx) => {
            const { status } = factorOf(ctx.context.adapter);
            return holdSignIn(ctx, status, options.challengeSeconds ?? 600);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

type FactorOf = (adapter: DBAdapter) => SecondFactor;

function factorsOf({ issuer, sealer }: SecondFactorPluginOptions): FactorOf {
  const factors = new WeakMap<DBAdapter, SecondFactor>();
  return (adapter) => {
    const made = factors.get(adapter);
    if (made) return made;
    const second = createSecondFactor({ issuer, sealer, store: betterAuthFactorStore(adapter) });
    factors.set(adapter, second);
    return second;
  };
}

function settingsEndpoints(factorOf: FactorOf) {
  const use = [sensitiveSessionMiddleware];
  return {
    enableSecondFactor: createAuthEndpoint(
      '/second-factor/enable',
      { method: 'POST', use, body: bodies.enable },
      async (ctx) => {
        const { password, replaces, ...given } = ctx.body;
        const { user } = ctx.context.session;
        await requirePassword(ctx, user.id, password);
        const more = { ...readProof(given), ...(replaces === undefined ? {} : { replaces }) };
        const second = factorOf(ctx.context.adapter);
        const answer = await second.enroll(user.id, { account: user.email, ...more });
        if (!answer.ok) throw refused(answer);
        return ctx.json({ enrollmentId: answer.enrollmentId, totpURI: answer.uri });
      },
    ),
    confirmSecondFactor: createAuthEndpoint(
      '/second-factor/confirm',
      { method: 'POST', use, body: bodies.confirm },
      async (ctx) => {
        const { enrollmentId, code, nextCode } = ctx.body;
        const { user } = ctx.context.session;
        const codes = nextCode === undefined ? [code] : [code, nextCode];
        const second = factorOf(ctx.context.adapter);
        const answer = await second.confirm(user.id, enrollmentId, codes);
        if (!answer.ok) throw refused(answer);
        // Every session from before knew the password or the former phone alone.
        await replaceSessions(ctx, user);
        return ctx.json({ status: true, recoveryCodes: answer.recoveryCodes ?? [] });
      },
    ),
    generateRecoveryCodes: createAuthEndpoint(
      '/second-factor/generate-recovery-codes',
      { method: 'POST', use, body: bodies.regenerate },
      async (ctx) => {
        const { password, ...given } = ctx.body;
        const { id } = ctx.context.session.user;
        await requirePassword(ctx, id, password);
        const second = factorOf(ctx.context.adapter);
        const answer = await second.regenerateRecoveryCodes(id, readProof(given));
        if (!answer.ok) throw refused(answer);
        return ctx.json({ recoveryCodes: answer.recoveryCodes });
      },
    ),
    disableSecondFactor: createAuthEndpoint(
      '/second-factor/disable',
      { method: 'POST', use, body: bodies.disable },
      async (ctx) => {
        const { password, authenticatorId, ...given } = ctx.body;
        const { user } = ctx.context.session;
        await requirePassword(ctx, user.id, password);
        const second = factorOf(ctx.context.adapter);
        const answer = await second.remove(user.id, authenticatorId, readProof(given));
        if (!answer.ok) throw refused(answer);
        await replaceSessions(ctx, user);
        return ctx.json({ state: answer.state });
      },
    ),
    secondFactorStatus: createAuthEndpoint(
      '/second-factor/status',
      { method: 'GET', use },
      async (ctx) =>
        ctx.json(await factorOf(ctx.context.adapter).status(ctx.context.session.user.id)),
    ),
  };
}

function signInEndpoints(factorOf: FactorOf, options: SecondFactorPluginOptions) {
  const challengeSeconds = options.challengeSeconds ?? 600;
  const trustSeconds = options.trustSeconds ?? MONTH;
  return {
    verifyTotp: createAuthEndpoint(
      '/second-factor/verify-totp',
      { method: 'POST', body: bodies.totp },
      async (ctx) =>
        completeSignIn(ctx, {
          challengeSeconds,
          trustSeconds: ctx.body.trustDevice ? trustSeconds : undefined,
          check: (userId) => factorOf(ctx.context.adapter).verify(userId, ctx.body.code),
        }),
    ),
    verifyRecoveryCode: createAuthEndpoint(
      '/second-factor/verify-recovery-code',
      { method: 'POST', body: bodies.recovery },
      async (ctx) =>
        completeSignIn(ctx, {
          challengeSeconds,
          isRecovery: true,
          check: (userId) => factorOf(ctx.context.adapter).recover(userId, ctx.body.code),
        }),
    ),
  };
}

/** For support, from the server's own code alone: it has no path. */
function resetEndpoint(factorOf: FactorOf) {
  return {
    resetSecondFactor: createAuthEndpoint.serverOnly(
      { method: 'POST', body: bodies.reset },
      async (ctx) => {
        const { userId, by } = ctx.body;
        await factorOf(ctx.context.adapter).reset(userId, { by });
        await ctx.context.internalAdapter.deleteUserSessions(userId);
        return ctx.json({ status: true });
      },
    ),
  };
}

async function requirePassword(ctx: GenericEndpointContext, userId: string, password: string) {
  const about = { ...ctx, body: { password } };
  if (await ctx.context.password.checkPassword(userId, about)) return;
  throw new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD' });
}

function readProof({ code, recoveryCode }: { code?: string; recoveryCode?: string }) {
  if (code !== undefined && recoveryCode !== undefined) {
    throw new APIError('BAD_REQUEST', { code: 'ONE_PROOF_EXPECTED' });
  }
  if (code !== undefined) return { proof: { code } };
  return recoveryCode === undefined ? {} : { proof: { recoveryCode } };
}
