/** The client's half: typed actions for `createAuthClient({ plugins: [secondFactorClient()] })`. */
import type { BetterAuthClientPlugin } from 'better-auth/client';
import type { secondFactor } from './server.js';

export function secondFactorClient() {
  return {
    id: 'otpcore-second-factor',
    $InferServerPlugin: {} as ReturnType<typeof secondFactor>,
    atomListeners: [
      { matcher: (path) => path.startsWith('/second-factor/'), signal: '$sessionSignal' },
    ],
    pathMethods: {
      '/second-factor/enable': 'POST',
      '/second-factor/confirm': 'POST',
      '/second-factor/generate-recovery-codes': 'POST',
      '/second-factor/disable': 'POST',
      '/second-factor/verify-totp': 'POST',
      '/second-factor/verify-recovery-code': 'POST',
      '/second-factor/status': 'GET',
    },
  } satisfies BetterAuthClientPlugin;
}
