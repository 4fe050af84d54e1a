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
  app: string;
  findings: OtpauthLint[];
}

/** Each app with its findings; those without a name come last. */
export function groupByApp(findings: readonly OtpauthLint[]): AppFindings[] {
  const groups = new Map<string, OtpauthLint[]>([...APPS, OTHERS].map((app) => [app, []]));
  for (const finding of findings) {
    const named = APPS.filter((app) =>
      new RegExp(`(?<![\\w/])${app}(?![\\w:])`).test(finding.message),
    );
    for (const app of named.length > 0 ? named : [OTHERS]) groups.get(app)?.push(finding);
  }
  return [...groups]
    .map(([app, list]) => ({ app, findings: list }))
    .filter((group) => group.findings.length > 0);
}
