import { expect, test } from 'vitest'
import type { Vault } from '../../src/main/secrets'
import { createSecrets } from '../../src/main/secrets'

const reversed = (text: string): string => text.split('').reverse().join('')

/** As Electron 25 has it. */
const oldVault: Vault = {
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(reversed(text)),
  decryptString: (blob) => reversed(blob.toString()),
}

/** As newer Electrons have it, with the synchronous half forbidden. */
const newVault: Vault = {
  isEncryptionAvailable: () => {
    throw new Error('blocks')
  },
  encryptString: () => {
    throw new Error('blocks')
  },
  decryptString: () => {
    throw new Error('blocks')
  },
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  encryptStringAsync: (text) => Promise.resolve(Buffer.from(reversed(text))),
  decryptStringAsync: (blob) => Promise.resolve({ result: reversed(blob.toString()) }),
}

test.each([
  ['the synchronous', oldVault],
  ['the asynchronous', newVault],
])('%s keyring gives back what it was given', async (_name, vault) => {
  const secrets = createSecrets(vault, 'linux')
  const blob = await secrets.encrypt('rpa_secret')
  expect(blob).toMatchObject({ ok: true })
  if (!blob.ok) return
  expect(Buffer.from(blob.value, 'base64').toString()).toBe(reversed('rpa_secret'))
  expect(await secrets.decrypt(blob.value)).toEqual({ ok: true, value: 'rpa_secret' })
})

test.each(['basic_text', 'unknown'])('on Linux a backend called %s counts as none', async (backend) => {
  const vault = { ...oldVault, getSelectedStorageBackend: () => backend }
  expect(await createSecrets(vault, 'linux').encrypt('x')).toMatchObject({ ok: false })
  expect(await createSecrets(vault, 'darwin').encrypt('x')).toMatchObject({ ok: true })
})

test('a keyring that is missing, or was reset, is a result and no exception', async () => {
  const missing = createSecrets({ ...oldVault, isEncryptionAvailable: () => false }, 'linux')
  expect(await missing.encrypt('x')).toEqual({ ok: false, error: 'this system offers no keyring' })
  const reset = createSecrets(
    {
      ...oldVault,
      decryptString: () => {
        throw new Error('Error while decrypting the ciphertext provided')
      },
    },
    'linux',
  )
  expect(await reset.decrypt('eA==')).toMatchObject({
    ok: false,
    error: expect.stringContaining('decrypting'),
  })
})
