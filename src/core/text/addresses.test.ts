import { expect, it } from 'vitest'
import { raise } from '../../corpus/errors.js'
import { formatError } from '../errors.js'
import { withoutSecrets } from './addresses.js'

it.each([
  ['https://me:PW@h.org:8000/a/b.jsonl?sig=PW&x=1#t=PW', 'https://h.org:8000/a/b.jsonl'],
  ['web=http://127.0.0.1:8765/c1.jsonl?sig=PW: it ended', 'web=http://127.0.0.1:8765/c1.jsonl: it ended'],
  ['"s3://AKIA:P/W+x@bucket/c.jsonl" is none', '"s3://bucket/c.jsonl" is none'],
  ['s3://AKIA:P/c.jsonl', 's3://AKIA:…/c.jsonl'],
  ['s3://b/part-?.jsonl and s3://b/a?X-Amz-Signature=PW', 's3://b/part-?.jsonl and s3://b/a'],
  ['http://a/x?k=PW,https://u:PW@b/y', 'http://a/x,https://b/y'],
  ['https:/u:PW@h/i?sig=PW', 'https:/h/i'],
  ["FROM 'http://h/x?a='PW' of (http://h/y?k=PW')", "FROM 'http://h/x' of (http://h/y')"],
  ['of `https://h/x?sig=a`PW`, `http://h/y`.', 'of `https://h/x`, `http://h/y`.'],
  ['http://[::1]:80/a#2 http://h/@user/x@y', 'http://[::1]:80/a#2 http://h/@user/x@y'],
  ['C:/a?b, re:/x?y, a/b.txt?c', 'C:/a?b, re:/x?y, a/b.txt?c'],
])('%s without what may be secret', (text, expected) => {
  expect(withoutSecrets(text)).toBe(expected)
})

it('no error tells what is secret in an address, whoever raises it', () => {
  const error = raise('no-input', 'nothing matches "ftp://u:PW@h/x"', { path: 'https://u:PW@h/x?sig=PW' })
  expect(`${formatError(error)}${JSON.stringify(error.place)}`).not.toContain('PW')
})
