import { describe, expect, test } from 'vitest'
import {
  createKeyring,
  KEYRING_TIMEOUT_MS,
  type KeyringState,
  type SafeStorage,
} from '../../../../src/main/account/key/keyring'

const reversed = (text: string): string => text.split('').reverse().join('')
const never = (): Promise<never> => new Promise(() => {})
function rejected(reason: string): never {
  throw new Error(reason)
}
const refuse = (): never => rejected('must not be asked')

/** The API of Electron 25. */
const oldVault: SafeStorage = {
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(reversed(text)),
  decryptString: (blob) => reversed(blob.toString()),
}

/** The API of newer versions, in which the synchronous functions must not be used. */
const newVault: SafeStorage = {
  isEncryptionAvailable: refuse,
  encryptString: refuse,
  decryptString: refuse,
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  encryptStringAsync: (text) => Promise.resolve(Buffer.from(reversed(text))),
  decryptStringAsync: (blob) =>
    Promise.resolve({ result: reversed(blob.toString()), shouldReEncrypt: false }),
}

interface Bench {
  readonly safeStorage: SafeStorage
  readonly platform?: NodeJS.Platform
  readonly keyring?: KeyringState | 'hangs'
}

/** A wait ends immediately in tests about timeouts, and never in others. */
function secretsOf({ safeStorage, platform = 'linux', keyring = 'open' }: Bench, isPatient = true) {
  const waited: number[] = []
  const secrets = createKeyring({
    safeStorage,
    platform,
    probe: () => (keyring === 'hangs' ? never() : Promise.resolve(keyring)),
    wait(ms) {
      waited.push(ms)
      return isPatient ? never() : Promise.resolve()
    },
  })
  return Object.assign(secrets, { waited })
}

describe.each([
  ['with the synchronous half only', oldVault],
  ['with the asynchronous half', newVault],
])('the keyring of an Electron %s', (_name, vault) => {
  test.each([
    ['linux', 'system-keyring'],
    ['darwin', 'keychain'],
    ['win32', 'dpapi'],
  ] as const)('on %s returns what was stored, and says that it is in the %s', async (platform, storage) => {
    const secrets = secretsOf({ safeStorage: vault, platform })
    expect(secrets.storage).toBe(storage)
    const blob = await secrets.encrypt('rpa_secret')
    expect(blob).toEqual({ ok: true, value: Buffer.from(reversed('rpa_secret')).toString('base64') })
    if (!blob.ok) return
    expect(await secrets.decrypt(blob.value)).toEqual({
      ok: true,
      value: { text: 'rpa_secret', isOutdated: false },
    })
  })

  test.each(['basic_text', 'unknown'])('on Linux treats a backend called %s as none', async (backend) => {
    const plain = { ...vault, getSelectedStorageBackend: () => backend }
    expect(await secretsOf({ safeStorage: plain }).encrypt('x')).toEqual({
      ok: false,
      error: 'this system offers no keyring',
    })
    expect(await secretsOf({ safeStorage: plain, platform: 'darwin' }).encrypt('x')).toMatchObject({
      ok: true,
    })
  })

  test.each(['gnome_libsecret', 'kwallet6'])('accepts %s as a keyring', async (backend) => {
    const vaultOf = { ...vault, getSelectedStorageBackend: () => backend }
    expect(await secretsOf({ safeStorage: vaultOf }).encrypt('x')).toMatchObject({ ok: true })
  })
})

describe('a synchronous keyring on Linux is not asked, because that may block the app,', () => {
  const untouchable: SafeStorage = {
    isEncryptionAvailable: refuse,
    encryptString: refuse,
    decryptString: refuse,
  }
  test.each([
    ['locked', 'the system keyring is locked'],
    ['none', 'this system offers no keyring'],
  ] as const)('when it is %s', async (keyring, error) => {
    expect(await secretsOf({ safeStorage: untouchable, keyring }).encrypt('x')).toEqual({ ok: false, error })
    expect(await secretsOf({ safeStorage: untouchable, keyring }).decrypt('eA==')).toEqual({
      ok: false,
      error,
    })
  })

  test('when the probe hangs', async () => {
    expect(
      await secretsOf({ safeStorage: untouchable, keyring: 'hangs' }, false).decrypt('eA=='),
    ).toMatchObject({
      ok: false,
      error: expect.stringContaining('doesn’t respond'),
    })
  })
})

describe('a keyring returns an error instead of an exception for', () => {
  test.each([
    [
      'no encryption',
      { ...newVault, isAsyncEncryptionAvailable: () => Promise.resolve(false) },
      'no keyring',
    ],
    ['no encryption, synchronously', { ...oldVault, isEncryptionAvailable: () => false }, 'no keyring'],
    ['a vault with nothing at all', {}, 'no keyring'],
    [
      'a look that throws',
      {
        ...oldVault,
        isEncryptionAvailable: () => rejected('the bus is gone'),
      },
      'the bus is gone',
    ],
    [
      'a keyring that is unavailable for now',
      { ...newVault, decryptStringAsync: () => Promise.reject(new Error('temporarily unavailable')) },
      'temporarily unavailable',
    ],
    [
      'a keyring that was reset',
      {
        ...oldVault,
        decryptString: () => rejected('Error while decrypting the ciphertext'),
      },
      'decrypting',
    ],
  ] satisfies [string, SafeStorage, string][])('%s', async (_name, vault, error) => {
    expect(await secretsOf({ safeStorage: vault }).decrypt('eA==')).toEqual({
      ok: false,
      error: expect.stringContaining(error),
    })
  })

  test.each([
    ['at the look', { ...newVault, isAsyncEncryptionAvailable: never }],
    ['while it encrypts', { ...newVault, encryptStringAsync: never }],
  ])('no reply %s, after a timeout', async (_name, vault) => {
    const secrets = secretsOf({ safeStorage: vault }, false)
    expect(await secrets.encrypt('x')).toMatchObject({
      ok: false,
      error: expect.stringContaining('doesn’t respond'),
    })
    expect(secrets.waited[0]).toBe(KEYRING_TIMEOUT_MS)
  })
})

test('a value that the system wants encrypted again is reported', async () => {
  const vault: SafeStorage = {
    ...newVault,
    decryptStringAsync: () => Promise.resolve({ result: 'k', shouldReEncrypt: true }),
  }
  expect(await secretsOf({ safeStorage: vault }).decrypt('eA==')).toEqual({
    ok: true,
    value: { text: 'k', isOutdated: true },
  })
})
