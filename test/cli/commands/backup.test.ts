import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Job } from '../../../src/core/queue/jobs/job'
import { jobRecord, noSchedule, rulesRecord } from '../../../src/core/queue/jobs/job-codec'
import { newJob } from '../../../src/core/queue/jobs/job-phase'
import { journalLine } from '../../../src/node/data-folder/journal/journal-line'
import { readQueue } from '../../../src/node/data-folder/journal/journal'
import { FULL_KEY } from '../../../src/simulator/simulator'
import { noKey } from '../../harness/cli/accounts'
import { newDataFolder, runCli } from '../../harness/cli/cli'
import { startWatched } from '../../harness/cli/watched'
import { jobSpec } from '../../harness/samples/job-spec'
import { instant } from '../../harness/samples/pods'

const SLACK = 'https://hooks.slack.com/services/T000/B000/abcdefghijklmnopqrstuvwx'
const at = instant(0)
const job = (id: string, more: Partial<Job> = {}): Job => ({
  ...newJob({ id, spec: jobSpec({ retries: 3 }), place: 1, isFromCommandLine: false, isHeld: false }, at),
  ...more,
})
const run = {
  id: 'run-1',
  podKey: 'lab-1/pod-1',
  podName: 'trainer',
  gpuIndexes: null,
  podGpuCount: 1,
  requestedAt: at,
  podStartedAtMs: 1,
  perHourUsd: 1,
  startedBy: 'schedule',
  isUnclear: false,
  hasStarted: true,
  startedAtMs: 1,
  endedAtMs: null,
  exitCode: null,
  unreachableSince: null,
  isUnreachableAlerted: false,
} as const
const podRequest = {
  id: 'request-1',
  accountId: 'lab-1',
  presetName: 'Big',
  podKey: 'lab-1/pod-1',
  maxPerHourUsd: 3,
  startedBeforeMs: null,
  requestedAt: at,
  isOwned: true,
  state: 'open',
} as const

let folder: string
let file: string
const command = (dataFolder: string, ...args: string[]) => runCli({ args, dataFolder, env: noKey })
const config = (of: string) => JSON.parse(readFileSync(join(of, 'config.json'), 'utf8'))

beforeEach(async () => {
  folder = newDataFolder({ idleAlertAfterMin: 33 })
  file = join(mkdtempSync(join(tmpdir(), 'podkeeper-backup-')), 'backup.json')
  writeFileSync(
    join(folder, 'cli-key.json'),
    JSON.stringify({
      version: 1,
      baseUrl: 'http://127.0.0.1:1/v2',
      key: FULL_KEY,
      accountId: 'lab-1',
      name: 'Lab',
    }),
    { mode: 0o600 },
  )
  const records = [
    rulesRecord({ ...noSchedule, accountIds: ['lab-1'] }),
    jobRecord(job('waiting')),
    jobRecord(job('running', { phase: 'running', run, podRequest })),
    jobRecord(job('passed', { phase: 'passed', run, podRequest, followUp: 'stop' })),
    jobRecord(job('canceling', { phase: 'running', run, isCanceling: true })),
  ]
  writeFileSync(join(folder, 'queue.jsonl'), records.map(journalLine).join(''))
  await runCli({
    args: ['channel', 'add', 'slack', '--name', 'Chat'],
    dataFolder: folder,
    env: noKey,
    input: SLACK,
  })
})

test('a restored queue is paused, starts nothing that may have run since, and owns no pod', async () => {
  expect(await command(folder, 'backup', file)).toMatchObject({ code: 0 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const target = newDataFolder({ idleAlertAfterMin: 44 })
  const restored = await command(target, 'restore', file, '--yes')
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('queue is paused') as string })
  const records = readQueue(join(target, 'queue.jsonl')) ?? []
  const rules = records.find(({ kind }) => kind === 'rules')
  expect(rules).toMatchObject({ rules: { isPaused: true, accountIds: ['lab-1'] } })
  const jobs = records.flatMap((record) => (record.kind === 'job' ? [record.job] : []))
  expect(jobs.map(({ id, phase, podRequest: owned, followUp }) => [id, phase, owned, followUp])).toEqual([
    ['waiting', 'held', null, null],
    ['running', 'held', null, null],
    ['passed', 'passed', null, null],
    ['canceling', 'canceled', null, null],
  ])
  expect(jobs[1]?.message).toMatch(/may have run since\. It was on trainer then\.$/)
  expect(config(target).settings.idleAlertAfterMin).toBe(33)
  const aside = readdirSync(target).find((name) => name.startsWith('before-restore-')) ?? ''
  expect(config(join(target, aside)).settings.idleAlertAfterMin).toBe(44)
})

test('a backup has secrets only where that was asked for, and never replaces a file', async () => {
  const plain = await command(folder, 'backup', file)
  expect(plain.stderr).toContain('--with-secrets')
  const text = readFileSync(file, 'utf8')
  expect(text).not.toContain(FULL_KEY)
  expect(text).not.toContain('abcdefghijklmnopqrstuvwx')
  expect(await command(folder, 'backup', file, '--with-secrets')).toMatchObject({ code: 1 })
  expect(readFileSync(file, 'utf8')).toBe(text)
  const secret = `${file}.secret`
  expect((await command(folder, 'backup', secret, '--with-secrets')).stderr).toContain('plain text')
  const target = newDataFolder()
  await command(target, 'restore', secret, '--yes')
  expect(readFileSync(join(target, 'cli-key.json'), 'utf8')).toContain(FULL_KEY)
  expect(statSync(join(target, 'cli-key.json')).mode & 0o777).toBe(0o600)
  expect((await command(target, 'channel', 'list')).stdout).toContain('Chat')
  expect(readFileSync(join(target, 'channel-secrets.json'), 'utf8')).toContain(SLACK)
})

test('keys and secrets stay where a backup without them is restored', async () => {
  await command(folder, 'backup', file)
  await command(folder, 'restore', file, '--yes')
  expect(readFileSync(join(folder, 'cli-key.json'), 'utf8')).toContain(FULL_KEY)
  expect(readFileSync(join(folder, 'channel-secrets.json'), 'utf8')).toContain(SLACK)
})

test.each([
  ['{"podkeeperBackup":2}', 'newer Podkeeper'],
  ['{"podkeeperBackup":1,"format":3,"madeAtMs":1,"hasSecrets":false,"files":{}}', 'format 3'],
  ['{"podkeeperBackup":1,"format":2,"madeAtMs":1,"hasSecrets":false,"files":{"../x":""}}', 'damaged'],
  [
    '{"podkeeperBackup":1,"format":2,"madeAtMs":1,"hasSecrets":false,"files":{"config.json":"?"}}',
    'can’t be used',
  ],
  ['nonsense', 'no backup'],
])('%s is refused, and nothing changes', async (text, why) => {
  writeFileSync(file, text)
  const before = config(folder)
  const refused = await command(folder, 'restore', file, '--yes')
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(why) as string })
  expect(config(folder)).toEqual(before)
  expect(readdirSync(folder).some((name) => name.includes('restore-'))).toBe(false)
  expect(existsSync(join(folder, '..', 'x'))).toBe(false)
})

test('a folder in use is not restored, and one with content needs a yes', async () => {
  await command(folder, 'backup', file)
  expect(await command(folder, 'restore', file)).toMatchObject({ code: 2 })
  const watched = await startWatched([])
  const before = config(watched.folder)
  expect(await watched.run('restore', file, '--yes')).toMatchObject({ code: 6 })
  expect(config(watched.folder)).toEqual(before)
})
