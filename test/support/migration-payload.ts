/** An encoder of Google Authenticator's exports, for tests of the reader. */

/** What an entry may say; what is left out is not written. */
export interface WrittenEntry {
  readonly secret?: Uint8Array;
  readonly name?: string;
  readonly issuer?: string;
  readonly algorithm?: number;
  readonly digits?: number;
  readonly type?: number;
  readonly counter?: number | bigint;
}

/** What a picture may say besides its entries. */
export interface WrittenBatch {
  readonly version?: number;
  readonly size?: number;
  readonly index?: number;
  readonly id?: number;
}

/** A number as Protocol Buffers writes it; a negative one has ten bytes. */
export function varint(number: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(number));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return bytes;
}

/** A field of bytes. */
export function bytesField(field: number, bytes: Iterable<number>): number[] {
  const content = [...bytes];
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
}

/** A field of a number. */
export function numberField(field: number, number: number | bigint): number[] {
  return [...varint(field * 8), ...varint(number)];
}

const textField = (field: number, text: string) => bytesField(field, Buffer.from(text));

/** The message of an entry. */
export function entryBytes(entry: WrittenEntry): number[] {
  const { secret, name, issuer, algorithm, digits, type, counter } = entry;
  return [
    secret === undefined ? [] : bytesField(1, secret),
    name === undefined ? [] : textField(2, name),
    issuer === undefined ? [] : textField(3, issuer),
    algorithm === undefined ? [] : numberField(4, algorithm),
    digits === undefined ? [] : numberField(5, digits),
    type === undefined ? [] : numberField(6, type),
    counter === undefined ? [] : numberField(7, counter),
  ].flat();
}

/** The message of a picture. */
export function payloadBytes(
  entries: readonly WrittenEntry[],
  { version, size, index, id }: WrittenBatch = {},
): number[] {
  return [
    ...entries.flatMap((entry) => bytesField(1, entryBytes(entry))),
    ...(version === undefined ? [] : numberField(2, version)),
    ...(size === undefined ? [] : numberField(3, size)),
    ...(index === undefined ? [] : numberField(4, index)),
    ...(id === undefined ? [] : numberField(5, id)),
  ];
}

/** The URI of a message. */
export function migrationUri(payload: Iterable<number>): string {
  const data = Buffer.from([...payload]).toString('base64');
  return `otpauth-migration://offline?data=${encodeURIComponent(data)}`;
}
