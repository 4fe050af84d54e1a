/** The types of doors.mjs. */
export interface Conditions {
  readonly types: { readonly require: string; readonly default: string };
  readonly require: string;
  readonly [condition: string]: string | Readonly<Record<string, string>>;
}

export declare const DOORS: readonly string[];
export declare const packageExports: { readonly '.': Conditions } & Readonly<
  Record<string, Conditions | string>
>;
export declare const jsrExports: Readonly<Record<string, string>>;
