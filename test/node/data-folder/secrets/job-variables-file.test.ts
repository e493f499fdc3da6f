import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fail, ok } from '../../../../src/core/base/result'
import {
  openJobVariables,
  type VariableKeyring,
} from '../../../../src/node/data-folder/secrets/job-variables-file'

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'podkeeper-variables-')), 'job-variables.json')
const reverse = (text: string): string => text.split('').reverse().join('')
const keyring: VariableKeyring = {
  encrypt: async (text) => ok(Buffer.from(reverse(text)).toString('base64')),
  decrypt: async (base64) => ok({ text: reverse(Buffer.from(base64, 'base64').toString()) }),
}
const locked: VariableKeyring = {
  encrypt: async () => fail('the system keyring is locked'),
  decrypt: async () => fail('the system keyring is locked'),
}
const open = (path: string, ring: VariableKeyring | null) => openJobVariables(path, ring, () => {})
const values = { TOKEN: 'very-secret', EMPTY: '' }

test('the app stores values encrypted, and reads them after a restart', async () => {
  const path = newPath()
  expect(await open(path, keyring).save('job-1', values)).toEqual(ok(undefined))
  expect(readFileSync(path, 'utf8')).not.toContain('very-secret')
  expect(await open(path, keyring).load('job-1')).toEqual(ok(values))
})

test('values that the keyring does not take are kept for the session, and never written', async () => {
  const path = newPath()
  const session = open(path, locked)
  expect(await session.save('job-1', values)).toEqual(ok(undefined))
  expect(await session.load('job-1')).toEqual(ok(values))
  expect(() => statSync(path)).toThrow('ENOENT')
  expect(await open(path, locked).load('job-1')).toMatchObject({ ok: false })
})

test('the command line stores values for this user only, and the app can use them', async () => {
  const path = newPath()
  await open(path, null).save('job-1', values)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(await open(path, keyring).load('job-1')).toEqual(ok(values))
})

test('the command line says that only the app can read what the app encrypted', async () => {
  const path = newPath()
  await open(path, keyring).save('job-1', values)
  expect(await open(path, null).load('job-1')).toMatchObject({
    ok: false,
    error: expect.stringContaining('only the app can start this job'),
  })
})

test('the values of a removed job are erased, and those of others stay', async () => {
  const path = newPath()
  const store = open(path, null)
  await store.save('job-1', values)
  await store.save('job-2', { OTHER: 'kept' })
  store.remove('job-1')
  expect(readFileSync(path, 'utf8')).not.toContain('very-secret')
  expect(await store.load('job-1')).toMatchObject({ ok: false })
  expect(await store.load('job-2')).toEqual(ok({ OTHER: 'kept' }))
})

test.each(['', '{', '{"version":2,"jobs":{}}', '[]'])(
  'a file that cannot be read stays as it is: %j',
  async (text) => {
    const path = newPath()
    writeFileSync(path, text)
    const store = open(path, null)
    expect(await store.load('job-1')).toMatchObject({ ok: false })
    expect(await store.save('job-1', values)).toMatchObject({ ok: false })
    store.remove('job-1')
    expect(readFileSync(path, 'utf8')).toBe(text)
  },
)

test('new values that the keyring does not take are not followed by the earlier ones after a restart', async () => {
  const path = newPath()
  await open(path, keyring).save('job-1', values)
  const session = open(path, locked)
  expect(await session.save('job-1', { TOKEN: 'new' })).toEqual(ok(undefined))
  expect(await session.load('job-1')).toEqual(ok({ TOKEN: 'new' }))
  expect(await open(path, keyring).load('job-1')).toMatchObject({ ok: false })
})

test('values of the session stay until later ones are written, and nothing is kept where earlier ones stay', async () => {
  const path = newPath()
  let isLocked = true
  const ring: VariableKeyring = {
    ...keyring,
    encrypt: (text) => (isLocked ? locked : keyring).encrypt(text),
  }
  const session = open(path, ring)
  await session.save('job-1', values)
  isLocked = false
  writeFileSync(path, 'damaged')
  expect(await session.save('job-1', { TOKEN: 'new' })).toMatchObject({ ok: false })
  expect(await session.load('job-1')).toEqual(ok(values))
  isLocked = true
  expect(await session.save('job-1', { TOKEN: 'new' })).toMatchObject({ ok: false })
  expect(await session.load('job-1')).toEqual(ok(values))
})

test('a file that could not be read again is not written', async () => {
  const path = newPath()
  const store = open(path, null)
  const large = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`V${index}`, 'x'.repeat(32_768)]),
  )
  const entry = JSON.stringify({ values: large })
  const jobs = Array.from({ length: 10 }, (_, index) => `"job-${index}":${entry}`)
  writeFileSync(path, `{"version":1,"jobs":{${jobs.join(',')}}}`)
  expect(await store.save('job-new', large)).toMatchObject({
    ok: false,
    error: expect.stringContaining('too large'),
  })
  expect((await store.load('job-0')).ok).toBe(true)
})
