// DynamoDB: a factor store and a claim store over conditional writes, and the second factor over it.
// The tables: `otp_factors` and `otp_steps`, each with the partition key `id`, a string.
import { createHash, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';

// Without retries of its own: the second try of a write that was kept would find it overtaken.
const db = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }));

/** Of one length: a key holds 2,048 bytes, and an id may have 1,029 characters of up to three each. */
function keyOf(id, most) {
  if (typeof id !== 'string' || id === '' || id.length > most) throw new RangeError('a wrong id');
  return createHash('sha256').update(id, 'utf16le').digest('hex');
}

/** Whether a conditional write was made. Any other failure is an error. */
async function isKept(command) {
  try {
    await db.send(command);
    return true;
  } catch (error) {
    if (error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

export const factorStore = {
  async read(userId) {
    const Key = { id: keyOf(userId, 1024) };
    const query = { TableName: 'otp_factors', Key, ConsistentRead: true };
    const { Item } = await db.send(new GetCommand(query));
    return Item && { record: Item.record, version: Item.revision };
  },
  async write(userId, record, version, { state, sealedWith }) {
    const id = keyOf(userId, 1024);
    const Item = { id, userId, record, revision: randomUUID(), state, sealedWith };
    const condition =
      version === undefined
        ? { ConditionExpression: 'attribute_not_exists(id)' }
        : {
            ConditionExpression: 'revision = :version',
            ExpressionAttributeValues: { ':version': version },
          };
    return isKept(new PutCommand({ TableName: 'otp_factors', Item, ...condition }));
  },
};

/** For `verifyTotpOnce` and `verifyHotpOnce`; the second factor above needs none. */
export const claimStore = {
  claim(id, step) {
    return isKept(
      new UpdateCommand({
        TableName: 'otp_steps',
        Key: { id: keyOf(id, 1029) },
        UpdateExpression: 'SET step = :step',
        ConditionExpression: 'attribute_not_exists(step) OR step < :step',
        ExpressionAttributeValues: { ':step': step },
      }),
    );
  },
};

export const second = createSecondFactor({
  issuer: 'ACME',
  store: factorStore,
  sealer: aesGcmSealer({ current: 'k1', keys: { k1: Buffer.from(process.env.OTP_KEY, 'base64') } }),
});
