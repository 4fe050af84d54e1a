/** The types of report.mjs. */

/** The changes of one file, by what became of them. */
export interface Counts {
  /** A test failed. */
  readonly killed: number;
  /** A test did not end. */
  readonly timeout: number;
  /** All tests that come by passed. */
  readonly survived: number;
  /** No test comes by. */
  readonly noCoverage: number;
  /** A file of tests could not be loaded; not counted. */
  readonly unloadable: number;
}

/** A change that no test noticed. */
export interface Survivor {
  readonly file: string;
  /** Where it stood when it was found; not part of what it is known by. */
  readonly line: number;
  /** The line's text. */
  readonly code: string;
  readonly from: string;
  readonly to: string;
}

export interface Report {
  readonly date: string;
  readonly stryker: string;
  readonly vitest: string;
  readonly files: Readonly<Record<string, Counts>>;
  readonly survivors: readonly Survivor[];
}

/** Why some changes are not noticed. */
export interface Reason {
  readonly title: string;
  readonly why: string;
  readonly survivors: readonly string[];
}

export declare const LEAST: number;
export declare function readReport(): Report;
export declare function totalOf(counts: readonly Counts[]): { detected: number; valid: number };
export declare function nameOf(survivor: Survivor): string;
export declare function faultsOf(report: Report, reasons?: readonly Reason[]): string[];
export declare function pageOf(report: Report, page?: string): string;
