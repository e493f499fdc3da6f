import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AccountRecord } from '../../../../src/core/settings/account-record'
import { openAppStore } from '../../../../src/main/settings/app-store'
import {
  formatProblem,
  migrateFolder,
  writeProblem,
} from '../../../../src/node/data-folder/format/folder-format'
import { eraseKeysInBackups } from '../../../../src/node/data-folder/format/format-2'
import { backupFolder, type FolderFormat } from '../../../../src/node/data-folder/format/migration'
import { fileFaults } from '../../../harness/data-folder/file-faults'

vi.mock('node:fs', async (original) => {
  const { withFileFaults } = await import('../../../harness/data-folder/file-faults')
  return withFileFaults(await original())
})

afterEach(() => void Object.assign(fileFaults, { kind: 'none' }))

/** What programs know that have one account. */
const firstFormat: FolderFormat = { version: 1, migrations: [] }
const first = {
  id: 'a',
  keyId: 'k',
  baseUrl: 'https://api.runpod.io/v2',
  keyEnding: '9f3c',
  encryptedKey: 'c2VjcmV0',
}
const config = {
  version: 1,
  settings: { undoS: 8, monthlyBudgetUsd: '600', ofTheFuture: 1 },
  account: first,
  guards: { a: { autoStop: 'all', pods: {} } },
  knownAccounts: [{ id: 'old', keyId: 'old', baseUrl: first.baseUrl, keyEnding: 'abcd', apiAccountId: 'u' }],
  note: 'mine',
}
const otherFiles = { 'intents.jsonl': '{"id":"i"}\n', 'alert-marks.json': '[]\n', 'host-keys.json': '{}' }
const account = { ...first, name: 'Runpod', color: 'blue' } as const

/** A folder as a program of format 1 leaves it. */
function firstFolder(content: string = `${JSON.stringify(config, null, 2)}\n`): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-format-2-'))
  writeFileSync(join(folder, 'config.json'), content)
  for (const [name, text] of Object.entries(otherFiles)) writeFileSync(join(folder, name), text)
  return folder
}

const text = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8')
const isUntouched = (folder: string): boolean =>
  Object.entries(otherFiles).every(([name, content]) => text(folder, name) === content)
const open = (folder: string) => openAppStore(folder, () => 1, { warn: () => {} })

function expectMigrated(folder: string): void {
  expect(JSON.parse(text(folder, 'config.json'))).toEqual({ ...config, account, accounts: [account] })
  expect(text(folder, 'format.json')).toBe('{"version":2}\n')
  expect(JSON.parse(text(backupFolder(folder, 1), 'config.json'))).toEqual(config)
  expect(isUntouched(folder)).toBe(true)
  const store = open(folder)
  expect(store.accounts()).toEqual([account])
  expect(store.settings()).toMatchObject({ undoS: 8, monthlyBudgetUsd: '600' })
  expect(store.accountRules.load('a').autoStop).toBe('all')
  expect(store.knownAccounts().map(({ id }) => id)).toEqual(['old', 'a'])
  expect(store.drainProblems()).toEqual([])
}

describe('a folder of format 1', () => {
  test('has its only account as the first of several after the migration, and nothing else changes', () => {
    const folder = firstFolder()
    migrateFolder(folder)
    expectMigrated(folder)
    const before = text(folder, 'config.json')
    migrateFolder(folder)
    expect(text(folder, 'config.json')).toBe(before)
  })

  test('is read by a program of format 2 before the migration, and not written', () => {
    const folder = firstFolder()
    const store = open(folder)
    expect(store.accounts()).toEqual([account])
    expect(store.saveAccount({ ...account, name: 'Acme' }, null)).toMatchObject({
      error: expect.stringContaining('not in format 2 yet'),
    })
    expect(JSON.parse(text(folder, 'config.json'))).toEqual(config)
    migrateFolder(folder)
    expect(store.saveAccount({ ...account, name: 'Acme' }, null).ok).toBe(true)
  })

  test('without an account has none afterwards', () => {
    const folder = firstFolder(JSON.stringify({ ...config, account: null }))
    migrateFolder(folder)
    expect(open(folder).accounts()).toEqual([])
  })

  test.each(['', '{"settings":{"und', '[]', JSON.stringify({ ...config, account: { id: 7 } })])(
    'whose settings cannot be used keeps them as they are: %j',
    (content) => {
      const folder = firstFolder(content)
      migrateFolder(folder)
      expect(text(folder, 'config.json')).toBe(content)
      expect(text(folder, 'format.json')).toBe('{"version":2}\n')
      // Whoever opens them says so and sets them aside.
      expect(open(folder).drainProblems()).toHaveLength(1)
    },
  )
})

test('a fresh folder is of format 2 without a backup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-fresh-'))
  migrateFolder(folder)
  expect(readdirSync(folder)).toEqual(['format.json'])
  expect(writeProblem(folder)).toBeNull()
})

test('a program of format 1 only watches a folder of format 2, and one that is on the way there', () => {
  const folder = firstFolder()
  expect(formatProblem(folder, firstFormat)).toBeNull()
  migrateFolder(folder)
  expect(formatProblem(folder, firstFormat)).toMatch(
    /in format 2, and this version of Podkeeper supports format 1\. Update/,
  )
  expect(writeProblem(folder, firstFormat)).toMatch(/until then it is read-only/)
  writeFileSync(join(folder, 'format.json'), '{"version":2,"migratingFrom":1}')
  expect(formatProblem(folder, firstFormat)).toMatch(/Update/)
  const before = text(folder, 'config.json')
  migrateFolder(folder, firstFormat)
  expect(text(folder, 'config.json')).toBe(before)
})

test.each(['full', 'killed'] as const)(
  'a migration to format 2 while the disk or process is %s at any step is completed by the next start',
  (kind) => {
    let reached = 0
    for (let step = 1; step <= 100; step += 1) {
      const folder = firstFolder()
      Object.assign(fileFaults, { kind, fromStep: step, steps: 0 })
      try {
        migrateFolder(folder)
      } catch (cause) {
        expect(String(cause)).toMatch(/ENOSPC|killed/)
      }
      fileFaults.kind = 'none'
      if (fileFaults.steps < step) break
      reached = step
      // Nothing is lost meanwhile, and a program of format 1 acts on the old settings only.
      const found = JSON.parse(text(folder, 'config.json')) as object
      const isOld = JSON.stringify(found) === JSON.stringify(config)
      expect(isOld || formatProblem(folder, firstFormat) !== null, `step ${step}`).toBe(true)
      expect(found).toMatchObject({ ...config, account: first })
      migrateFolder(folder)
      expectMigrated(folder)
      expect(readdirSync(folder).sort()).toEqual(
        [
          ...Object.keys(otherFiles),
          'config.json',
          'config.json.last-good',
          'format-1-backup',
          'format.json',
        ].sort(),
      )
    }
    expect(reached).toBeGreaterThan(10)
    expect(reached).toBeLessThan(100)
  },
)

test('a migration that fails at one step and is repeated at once is completed too', () => {
  let reached = 0
  for (let step = 1; step <= 100; step += 1) {
    const folder = firstFolder()
    Object.assign(fileFaults, { kind: 'killed', fromStep: step, steps: 0 })
    try {
      migrateFolder(folder)
    } catch {
      // The second attempt fails a little later.
    }
    Object.assign(fileFaults, { fromStep: 3, steps: 0 })
    try {
      migrateFolder(folder)
    } catch {
      // And the third one completes it.
    }
    const isDone = fileFaults.steps === 0
    fileFaults.kind = 'none'
    migrateFolder(folder)
    expectMigrated(folder)
    if (isDone) break
    reached = step
  }
  expect(reached).toBeGreaterThan(10)
})

describe('the backup of format 1', () => {
  const migrated = (): string => {
    const folder = firstFolder()
    migrateFolder(folder)
    return folder
  }
  const backupOf = (folder: string): string => join(backupFolder(folder, 1), 'config.json')
  const keyIn = (folder: string) =>
    (JSON.parse(text(backupOf(folder))) as { account: { encryptedKey: unknown } }).account.encryptedKey
  const others: readonly AccountRecord[] = [{ ...account, id: 'b', encryptedKey: 'YW5vdGhlcg==' }]

  test('keeps the key of an account that is there, and loses that of a removed one', () => {
    const folder = migrated()
    expect(eraseKeysInBackups(folder, [account, ...others])).toEqual({ ok: true, value: undefined })
    expect(keyIn(folder)).toBe(first.encryptedKey)
    expect(eraseKeysInBackups(folder, others)).toEqual({ ok: true, value: undefined })
    expect(JSON.parse(text(backupOf(folder)))).toEqual({
      ...config,
      account: { ...first, encryptedKey: null },
    })
    expect(statSync(backupOf(folder)).mode & 0o777).toBe(0o600)
    expect(eraseKeysInBackups(folder, [])).toEqual({ ok: true, value: undefined })
  })

  test('loses a key that was replaced, once any account is removed', () => {
    const folder = migrated()
    eraseKeysInBackups(folder, [{ ...account, encryptedKey: 'bmV3' }])
    expect(keyIn(folder)).toBeNull()
  })

  test('holds up no removal where it is missing, damaged or without an account', () => {
    const fresh = mkdtempSync(join(tmpdir(), 'podkeeper-fresh-'))
    expect(eraseKeysInBackups(fresh, []).ok).toBe(true)
    for (const content of ['', '{', '[]', '{"account":null}', '{"account":7}']) {
      const folder = migrated()
      writeFileSync(backupOf(folder), content)
      expect(eraseKeysInBackups(folder, []).ok).toBe(true)
      expect(text(backupOf(folder))).toBe(content)
    }
  })

  test('that cannot be written is shown, so that nobody takes the key for erased', () => {
    const folder = migrated()
    Object.assign(fileFaults, { kind: 'full', fromStep: 1, steps: 0 })
    expect(eraseKeysInBackups(folder, [])).toMatchObject({
      ok: false,
      error: expect.stringMatching(/config\.json could not be written \(ENOSPC/),
    })
    fileFaults.kind = 'none'
    expect(keyIn(folder)).toBe(first.encryptedKey)
    expect(eraseKeysInBackups(folder, []).ok).toBe(true)
    expect(keyIn(folder)).toBeNull()
  })

  test('has no key of an account that the app removed, nor has any other file', () => {
    const folder = migrated()
    const store = open(folder)
    store.saveAccount({ ...account, id: 'b', name: 'Acme', encryptedKey: 'YW5vdGhlcg==' }, null)
    expect(store.removeAccount('a')).toEqual({ ok: true, value: undefined })
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    expect(files.length).toBeGreaterThan(4)
    for (const { parentPath, name } of files) expect(text(parentPath, name)).not.toContain(first.encryptedKey)
    expect(
      open(folder)
        .accounts()
        .map(({ id }) => id),
    ).toEqual(['b'])
  })
})
