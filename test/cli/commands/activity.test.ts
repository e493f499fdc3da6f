import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import { ok } from '../../../src/core/base/result'
import { openAuditLog } from '../../../src/node/data-folder/records/audit-log'
import { newDataFolder, runCli, startCli, startSimulator } from '../../harness/cli/cli'

const noKey = { RUNPOD_API_KEY: undefined }

// Times are printed in the time zone of the process.
beforeEach(() => void vi.stubEnv('TZ', 'UTC'))
afterEach(() => void vi.unstubAllEnvs())

const entry = (text: string, over: Partial<AuditEntry> = {}): AuditEntry => ({
  atMs: Date.UTC(2026, 10, 24, 14, 5),
  accountId: 'account',
  podId: 'id-1',
  podName: 'llama',
  kind: 'alert',
  what: 'idle',
  text,
  tone: 'warning',
  ...over,
})

test('activity says which computer an entry is from where they are from several', async () => {
  const dataFolder = newDataFolder({})
  for (const [computer, ...texts] of [
    ['lab-server', 'one', 'two'],
    ['laptop', 'three'],
  ] as const) {
    const log = openAuditLog({
      folder: join(dataFolder, 'activity'),
      mayWrite: () => ok(undefined),
      computer: () => computer,
    })
    for (const text of texts) log.record(entry(text))
    log.close()
  }
  const texts = async (...args: string[]) =>
    (await activity(dataFolder, ...args)).stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(18))
  expect(await texts()).toEqual(['lab-server: one', 'lab-server: two', 'laptop: three'])
  expect(await texts('-n', '1')).toEqual(['three'])
  expect(await texts('--search', 'laptop')).toEqual(['three'])
  const { stdout } = await activity(dataFolder, '--json', '-n', '1')
  expect(JSON.parse(stdout)).toMatchObject({ text: 'three', computer: 'laptop' })
})

function folderWith(...entries: readonly AuditEntry[]): string {
  const dataFolder = newDataFolder({})
  const log = openAuditLog({ folder: join(dataFolder, 'activity'), mayWrite: () => ok(undefined) })
  for (const one of entries) log.record(one)
  log.close()
  return dataFolder
}

const activity = (dataFolder: string, ...args: string[]) =>
  runCli({
    args: ['activity', ...args],
    dataFolder,
    env: noKey,
  })

test('activity lists the newest entries, oldest first, without a key', async () => {
  const folder = folderWith(entry('one'), entry('two'), entry('three\u001b[31m'))
  const { code, stdout, stderr } = await activity(folder, '-n', '2')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(String.raw`2026-11-24 14:05  two
2026-11-24 14:05  three\x1b[31m
`)
})

test('activity prints every step of an action, as text and as JSON with the documented fields', async () => {
  const intent = { id: 'i', action: 'stop', requester: 'person' } as const
  const steps = ['scheduled', 'sent', 'observed'].map((phase) =>
    entry(`step ${phase}`, { kind: 'intent', what: `stop ${phase}`, intent }),
  )
  const folder = folderWith(...steps)
  const { stdout } = await activity(folder)
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.slice(18)),
  ).toEqual(steps.map(({ text }) => text))
  const { stdout: json } = await activity(folder, '--json')
  const objects = json
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  expect(objects).toHaveLength(3)
  for (const one of objects) expect(one).not.toHaveProperty('intent')
})

test('activity lists one pod by its name or its id, as JSON with the documented fields', async () => {
  const folder = folderWith(entry('one'), entry('other', { podId: 'id-2', podName: 'other' }))
  for (const pod of ['llama', 'id-1']) {
    const { stdout } = await activity(folder, '--pod', pod, '--json')
    expect(JSON.parse(stdout)).toEqual({
      seq: 1,
      at: '2026-11-24T14:05:00.000Z',
      accountId: 'account',
      // It is none of the accounts that are known now.
      accountName: null,
      podId: 'id-1',
      pod: 'llama',
      kind: 'alert',
      what: 'idle',
      text: 'one',
      tone: 'warning',
      computer: null,
    })
  }
})

test('activity filters by kind, outcome, time and words, and prints actions whole and as CSV', async () => {
  const intent = { id: 'i', action: 'stop', requester: 'person' } as const
  const action = { kind: 'intent', intent } as const
  const folder = folderWith(
    entry('old', { atMs: Date.UTC(2026, 0, 1) }),
    entry('You requested a stop of llama.', { ...action, what: 'stop scheduled', tone: 'plain' }),
    entry('=cmd', { kind: 'rule' }),
    entry('The stop of llama failed. It is locked.', { ...action, what: 'stop failed', tone: 'bad' }),
  )
  const texts = async (...args: string[]) =>
    (await activity(folder, ...args)).stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(18))
  const both = ['You requested a stop of llama.', 'The stop of llama failed. It is locked.']
  expect(await texts('--kind', 'rule')).toEqual(['=cmd'])
  expect(await texts('--outcome', 'bad')).toEqual(both)
  expect(await texts('--search', 'LOCKED requested', '--pod', 'llama')).toEqual(both)
  expect(await texts('--since', '2026-06-01', '--kind', 'alert')).toEqual([''])
  expect(await texts('--since', '2026-06-01T00:00:00Z')).toHaveLength(3)
  const { stdout } = await activity(folder, '--csv', '--kind', 'rule')
  expect(stdout.split(/\r?\n/)[1]).toMatch(/^3,2026-11-24T14:05:00.000Z,account,,id-1,llama,rule,idle,'=cmd,/)
  expect(await activity(folder, '--outcome', 'good')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'The log has no such entries.\n',
  })
  for (const wrong of [
    ['--kind', 'x'],
    ['--outcome', 'x'],
    ['--since', 'x'],
    ['--json', '--csv'],
  ])
    expect((await activity(folder, ...wrong)).code).toBe(2)
})

test('activity reports an empty log and rejects an invalid count', async () => {
  expect(await activity(folderWith())).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'Nothing has been logged yet.\n',
  })
  expect((await activity(folderWith(entry('one')), '--pod', 'x')).stderr).toBe(
    'The log has no entries for x.\n',
  )
  for (const count of ['0', '-1', '1.5', 'many'])
    expect((await activity(folderWith(), '-n', count)).code).toBe(2)
})

test('a watch and an action write to the same log, one after the other', async () => {
  const runpod = await startSimulator([{ id: 'a', name: 'a', mode: 'training' }])
  const dataFolder = newDataFolder({ undoS: 1 })
  const watching = startCli({ args: ['watch'], runpod, dataFolder })
  await watching.waitForOutput(/a is running and busy/)
  watching.child.kill('SIGTERM')
  await watching.exited
  await runCli({ args: ['stop', '--yes', '--no-wait', 'a'], runpod, dataFolder })
  const { stdout } = await activity(dataFolder, '--json')
  const entries = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(entries.map(({ what }) => what)).toEqual([
    'started',
    'ended',
    'stop scheduled',
    'stop sent',
    'stop accepted',
  ])
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
})
