/** The results that the pages quote. */
export interface Results {
  readonly rows: readonly unknown[];
}

export function readResults(): Results;
export function pages(): string[];
export function withFigures(page: string, run: Results): string;
export function chartOf(run: Results): string;
