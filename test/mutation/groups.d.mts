/** The types of groups.mjs. */
export interface Group {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  readonly engine?: 'portable' | 'simd';
  readonly isIsolated?: true;
  readonly everyTest?: true;
}

export declare function isIn(group: Group, file: string): boolean;
export declare const GROUPS: Readonly<Record<string, Group>>;
