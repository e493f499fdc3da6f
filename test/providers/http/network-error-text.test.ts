import { describe, expect, it } from 'vitest'
import { networkErrorText } from '../../../src/providers/http/network-error-text'

/** The error format of fetch, which carries the reason as `cause`. */
function failure(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('secret words'), { code }) })
}

describe('a request without a response', () => {
  it.each([
    ['ENOTFOUND', 'api.example could not be found (ENOTFOUND).'],
    ['ECONNREFUSED', 'api.example refused the connection (ECONNREFUSED).'],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'The certificate of api.example is not accepted (UNABLE_TO_VERIFY_LEAF_SIGNATURE).',
    ],
    ['CERT_HAS_EXPIRED', 'The certificate of api.example is not accepted (CERT_HAS_EXPIRED).'],
    ['ETIMEDOUT', 'The connection to api.example failed (ETIMEDOUT).'],
    ['not a code', 'The connection to api.example failed.'],
  ])('has a text for the reason: %s', (code, words) => {
    expect(networkErrorText(failure(code), 'api.example')).toBe(words)
  })

  it('has a text for the reason if several addresses were tried', () => {
    const cause = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })])
    expect(networkErrorText(new TypeError('fetch failed', { cause }), 'h')).toContain('ECONNREFUSED')
  })
})
