// Planted faults: each gives a library that is wrong in one way, and the suite must find it. What
// passes here with a fault would pass in a runtime that has it.
import { FAULTS_AROUND_CODES } from './faults-around-codes.mjs';
import { FAULTS_IN_CODES } from './faults-in-codes.mjs';
import { FAULTS_IN_SECOND_FACTOR } from './faults-in-second-factor.mjs';

/** The wrong libraries, by the topic of the suite that has to find them and by what is wrong. */
export const FAULTS = {
  ...FAULTS_IN_CODES,
  ...FAULTS_AROUND_CODES,
  secondFactor: FAULTS_IN_SECOND_FACTOR,
};
