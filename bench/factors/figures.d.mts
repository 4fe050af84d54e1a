export interface FigureTable {
  readonly head: readonly string[];
  readonly rows: () => unknown;
}
export const FIXED: Readonly<Record<string, FigureTable>>;
export const MEASURED: Readonly<Record<string, FigureTable>>;
export function tableOf(table: FigureTable): Promise<string>;
export function readTable(page: string, name: string): string | undefined;
export function withTable(page: string, name: string, table: string): string;
