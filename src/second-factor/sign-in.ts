/** The commands of a sign-in: verify, unlock, resync, recover. */
import {
  type Accepted,
  type Failed,
  gateCodes,
  gateRecoveryCode,
  useCodes,
  useRecoveryCode,
} from './attempt.js';
import { matchCode, matchDrifted, matchInWindow, readCode, readCodes } from './codes.js';
import type { VerifyResult } from './contract.js';
import { eventOf } from './events.js';
import { recoveryCodesLeft } from './record.js';
import type { Rules } from './rules.js';

const UNLOCK_CODES = 3;
const RESYNC_CODES = 2;

/** One code, held back by waits and budget. */
export const verify: Rules<'verify'> = {
  gate: (record, { code }, environment) => gateCodes(record, readCode(code), environment),
  opens: (record) => record.authenticators,
  act(record, { code }, environment) {
    return signedIn(useCodes(record, readCode(code), matchCode, environment));
  },
};

/** Three consecutive codes, past every wait: three in 10^18 guesses hit. */
export const unlock: Rules<'unlock'> = {
  gate: (record, { codes }, environment) =>
    gateCodes(record, readCodes(codes, UNLOCK_CODES), environment, false),
  opens: (record) => record.authenticators,
  act(record, { codes }, environment) {
    const typed = readCodes(codes, UNLOCK_CODES) ?? [];
    return signedIn(useCodes(record, typed, matchInWindow, environment, false));
  },
};

function signedIn(attempt: Accepted | Failed): ReturnType<Rules<'verify'>['act']> {
  if (!attempt.ok) return attempt;
  const { record, events, match } = attempt;
  const result: VerifyResult = {
    ok: true,
    authenticatorId: match?.authenticator.id ?? '',
    delta: match?.delta ?? 0,
    recoveryCodesLeft: recoveryCodesLeft(record),
    epoch: record.epoch,
  };
  return { result, record, events };
}

/** Two consecutive codes reveal the drift of the phone's clock. */
export const resync: Rules<'resync'> = {
  gate: (record, { codes }, environment) =>
    gateCodes(record, readCodes(codes, RESYNC_CODES), environment),
  opens: (record) => record.authenticators,
  act(record, { codes }, environment) {
    const typed = readCodes(codes, RESYNC_CODES) ?? [];
    const attempt = useCodes(record, typed, matchDrifted, environment);
    if (!attempt.ok || attempt.match === undefined) return attempt as Failed;
    const { authenticator, drift } = attempt.match;
    const { id: authenticatorId, period } = authenticator;
    const { epoch } = attempt.record;
    const result = { ok: true, authenticatorId, clockOff: drift * period, epoch } as const;
    const events = [eventOf(environment, 'resynced', { authenticatorId })];
    return { result, record: attempt.record, events };
  },
};

/** A recovery code in the place of the phone. It opens no secret. */
export const recover: Rules<'recover'> = {
  gate: (record, { recoveryCode }, environment) =>
    gateRecoveryCode(record, recoveryCode, environment),
  opens: () => [],
  act(record, { recoveryCode }, environment) {
    const attempt = useRecoveryCode(record, recoveryCode, environment);
    if (!attempt.ok) return attempt;
    const epoch = attempt.record.epoch + 1;
    // Whoever began an enrolment in the former epoch must not end it in the new one.
    const used = { ...attempt.record, epoch, pending: undefined };
    const result = { ok: true, recoveryCodesLeft: recoveryCodesLeft(used), epoch } as const;
    return { result, record: used, events: attempt.events };
  },
};
