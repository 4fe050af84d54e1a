/** Reading a Protocol Buffers message into its fields, in one pass. */

/** Ends the reading with an error. */
export type Fail = (what: string) => never;

/** One field of a message. */
export interface MessageField {
  readonly number: number;
  /** A varint's value, rounded above 2^53 but never to below it; undefined for other kinds. */
  readonly value: number | undefined;
  /** The lowest 32 bits of a varint as a signed number, as `int32` wants it. */
  readonly int32: number;
  /** The contents of a text, bytes or message: a view, not a copy. */
  readonly bytes: Uint8Array | undefined;
}

/** 64 bits, seven in each byte. */
const MAX_VARINT_BYTES = 10;

/** The fields of a message in their order. Kinds without a length cannot be skipped and are refused. */
export function messageFields(message: Uint8Array, fail: Fail): MessageField[] {
  const fields: MessageField[] = [];
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) fail('has data that ends early');
    at += length;
    return message.subarray(at - length, at);
  };
  const takeVarint = (): { value: number; int32: number } => {
    let value = 0;
    let int32 = 0;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = take(1)[0] as number;
      value += (byte & 0x7f) * 2 ** (7 * i);
      // Higher bits than 32 fall off.
      if (i < 5) int32 |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return { value, int32 };
    }
    return fail('has data with a number of more than 64 bits');
  };
  while (at < message.length) {
    const { value: tag } = takeVarint();
    const number = Math.floor(tag / 8);
    if (number === 0) fail('has data without a field number');
    const kind = tag % 8;
    if (kind === 0) fields.push({ number, bytes: undefined, ...takeVarint() });
    else if (kind === 1) take(8);
    else if (kind === 5) take(4);
    else if (kind === 2) {
      fields.push({ number, value: undefined, int32: 0, bytes: take(takeVarint().value) });
    } else fail('has data of an unknown kind');
  }
  return fields;
}
