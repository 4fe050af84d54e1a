// The linter's findings by app: each names the apps that it was found with.
import type { OtpauthLint } from 'otpcore';

/** The names in the linter's messages. */
const APPS = [
  'Google',
  'Microsoft',
  'Authy',
  'Duo',
  'LastPass',
  'FreeOTP',
  '2FAS',
  'Stratum',
  'Authenticator extension',
  'Yubico',
  'YubiKey',
  'iOS',
  'pass-otp',
  'otplib',
  'otpauth',
  'pyotp',
  'totp-rs',
];
const OTHERS = 'Several apps';

export interface AppFindings {
  apps: string[];
  findings: OtpauthLint[];
}

/** The apps with their findings, apps with the same ones together; those without a name come last. */
export function groupByApp(findings: readonly OtpauthLint[]): AppFindings[] {
  const groups = new Map<string, AppFindings>();
  for (const app of [...APPS, OTHERS]) {
    const own = findings.filter(({ message }) => appsIn(message).includes(app));
    if (own.length === 0) continue;
    const codes = own.map(({ code }) => code).join();
    const group = groups.get(codes) ?? { apps: [], findings: own };
    group.apps.push(app);
    groups.set(codes, group);
  }
  return [...groups.values()];
}

/** The apps that a message names. "otpauth:" is a scheme, and "pyotp" is no "otp". */
function appsIn(message: string): string[] {
  const named = APPS.filter((app) => new RegExp(`(?<![\\w/-])${app}(?![\\w:])`).test(message));
  return named.length > 0 ? named : [OTHERS];
}
