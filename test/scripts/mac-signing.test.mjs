import { expect, test } from 'vitest'
import { readSigning } from '../../scripts/lib/mac/signing.mjs'

const all = {
  PODKEEPER_MAC_IDENTITY: 'Developer ID Application: Someone (ABCDE12345)',
  APPLE_API_KEY: '/keys/AuthKey.p8',
  APPLE_API_KEY_ID: 'ABC123',
  APPLE_API_ISSUER: '00000000-0000-0000-0000-000000000000',
}

test('an app of macOS is signed and notarized where the environment says how, and neither where it says nothing', () => {
  expect(readSigning(all)).toEqual({
    identity: all.PODKEEPER_MAC_IDENTITY,
    notarization: {
      appleApiKey: all.APPLE_API_KEY,
      appleApiKeyId: all.APPLE_API_KEY_ID,
      appleApiIssuer: all.APPLE_API_ISSUER,
    },
  })
  expect(readSigning({})).toBeNull()
  // A workflow sets what it doesn't have to nothing.
  expect(readSigning(Object.fromEntries(Object.keys(all).map((name) => [name, ''])))).toBeNull()
})

test.each(Object.keys(all))('no app is made half signed, such as without %s', (name) => {
  expect(() => readSigning({ ...all, [name]: '' })).toThrow(`Not set: ${name}`)
})
