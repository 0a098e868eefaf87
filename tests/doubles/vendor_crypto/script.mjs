// The vendor's own crypto: one JSON request on each line of stdin, one answer on each of stdout.
import { createInterface } from 'node:readline';
import crypto from '@wecom/crypto';

for await (const line of createInterface({ input: process.stdin })) {
  const { key, token, stamp, nonce, id, text, sealed } = JSON.parse(line);
  const made = crypto.encrypt(key, text, id);
  const opened = crypto.decrypt(key, sealed);
  process.stdout.write(`${JSON.stringify({
    sealed: made,
    signature: crypto.getSignature(token, stamp, nonce, made),
    text: opened.message,
    id: opened.id,
    theirs: crypto.getSignature(token, stamp, nonce, sealed),
  })}\n`);
}
