/** The HMAC of signatures is Node's. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HmacKey } from '../../../localcloud/wire/hmac.ts';

test('any key signs any texts, one after the other, as createHmac does', () => {
  const bytes = fc.uint8Array({ maxLength: 100 });
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(bytes, texts, (bytes, texts) => {
      const key = new HmacKey(bytes);
      const theirs = texts.map((text) => createHmac('sha256', bytes).update(text).digest('hex'));
      expect(texts.map((text) => key.digest(text))).toEqual(theirs);
    }),
  );
});

test('a key that is longer than a block of SHA-256 is hashed first', () => {
  const bytes = Buffer.alloc(65, 7);
  expect(new HmacKey(bytes).digest('text')).toBe(createHmac('sha256', bytes).update('text').digest('hex'));
});
