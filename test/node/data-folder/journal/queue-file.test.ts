import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DAY_MS } from '../../../../src/core/base/time/time'
import type { Job } from '../../../../src/core/queue/jobs/job'
import {
  jobRecord,
  type QueueRecord,
  removalRecord,
  rulesRecord,
} from '../../../../src/core/queue/jobs/job-codec'
import { openQueueFile } from '../../../../src/node/data-folder/journal/lazy-journal'
import { readQueue } from '../../../../src/node/data-folder/journal/journal'
import { journalLine } from '../../../../src/node/data-folder/journal/journal-line'
import { lockFolder } from '../../../harness/data-folder/control-holder'
import { instant } from '../../../harness/samples/pods'
import { jobSpec } from '../../../harness/samples/job-spec'
import { newJob } from '../../../../src/core/queue/jobs/job-phase'

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'podkeeper-queue-')), 'queue.jsonl')
const NOW_MS = instant(0).wallMs
const open = (path: string, atMs = NOW_MS) => openQueueFile(path, () => atMs)

const job = (id: string, overrides: Partial<Job> = {}): Job => ({
  ...newJob(
    { id, spec: jobSpec({ name: id }), place: 1, isFromCommandLine: false, isHeld: false },
    instant(0),
  ),
  ...overrides,
})
const rules = { podKeys: ['account-1/pod-1'], accountIds: [], isPaused: false } as const

const records: readonly QueueRecord[] = [
  jobRecord(job('job-a')),
  jobRecord(job('job-b', { phase: 'held' })),
  rulesRecord(rules),
  jobRecord(job('job-a', { phase: 'passed' })),
  removalRecord('job-b'),
]
const text = records.map(journalLine).join('')

test('the file is made by the first job, and each state is on disk before it counts', () => {
  const path = newPath()
  const file = open(path)
  expect([file.latest(), existsSync(path)]).toEqual([[], false])
  for (const record of records) expect(file.record(record).ok).toBe(true)
  expect(readFileSync(path, 'utf8')).toBe(text)
  file.close()
  expect(open(path).latest()).toEqual([records[3], records[2]])
})

test('a crash at any byte leaves the states before it, and nothing is called damaged', () => {
  const path = newPath()
  for (let length = 0; length <= text.length; length += 1) {
    writeFileSync(path, text.slice(0, length))
    // A line whose end alone is missing is whole.
    const complete = text
      .slice(0, length + 1)
      .split('\n')
      .slice(0, -1)
    const expected = new Map(records.slice(0, complete.length).map((record) => [record.id, record]))
    expect(readQueue(path), `after ${length} bytes`).toEqual([...expected.values()])
    if (length % 50 !== 0) continue
    const file = open(path)
    expect(file.problems).toEqual([])
    expect(file.record(jobRecord(job('job-c'))).ok).toBe(true)
    file.close()
    expect(open(path).latest().at(-1)?.id).toBe('job-c')
  }
})

test('a byte that changed is never believed, and the damaged file is kept aside', () => {
  const path = newPath()
  const line = journalLine(records[0]!)
  const bytes = Buffer.from(line)
  for (let at = 0; at < bytes.length - 1; at += 1) {
    const damaged = Buffer.from(bytes)
    damaged[at] = damaged[at]! ^ 1
    writeFileSync(path, Buffer.concat([damaged, Buffer.from(journalLine(records[2]!))]))
    expect(
      readQueue(path)?.filter(({ kind }) => kind === 'job'),
      `byte ${at}`,
    ).toEqual([])
  }
  const file = open(path)
  expect(file.problems[0]).toContain('The journal of jobs was damaged.')
  expect(file.latest()).toEqual([records[2]])
  expect(readdirSync(join(path, '..')).some((name) => name.startsWith('queue.jsonl.damaged-'))).toBe(true)
})

test('which rules accept a new host key, and what a request accepted, are read as they were written', () => {
  const start = { podKey: 'account-1/pod-1', maxPerHourUsd: 3 } as const
  const create = { accountId: 'account-1', digest: 'a'.repeat(64), maxPerHourUsd: 3 }
  const accepting = {
    ...rules,
    starts: [
      { ...start, acceptsNewKey: true as const },
      { ...start, podKey: 'account-1/pod-2' as const },
    ],
    creates: [
      { ...create, presetName: 'h100', acceptsNewKey: true as const },
      { ...create, presetName: 'h200' },
    ],
  }
  const request = {
    id: 'request-1',
    accountId: 'account-1',
    presetName: null,
    podKey: 'account-1/pod-1',
    maxPerHourUsd: 3,
    startedBeforeMs: null,
    requestedAt: instant(0),
    state: 'open',
  } as const
  const acceptedKey = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:A', acceptedAtMs: 5 }
  const written = [
    rulesRecord(accepting),
    jobRecord(job('job-a', { podRequest: request })),
    jobRecord(
      job('job-b', { podRequest: { ...request, acceptsNewKey: true, podStartedAtMs: 2_000, acceptedKey } }),
    ),
  ]
  const path = newPath()
  const file = open(path)
  for (const record of written) file.record(record)
  file.close()
  expect(open(path).latest()).toEqual(written)
})

test('what a later version wrote stays as it is, and nothing is done with the queue', () => {
  const path = newPath()
  const later = journalLine({ id: 'job-z', format: 2, kind: 'job', job: { is: 'new' } })
  writeFileSync(path, text + later)
  const file = open(path)
  expect(file.latest()).toEqual([])
  expect(file.problems[0]).toContain('a newer version of Podkeeper wrote the journal of jobs')
  expect(file.record(records[0]!)).toMatchObject({ ok: false })
  expect(readFileSync(path, 'utf8')).toBe(text + later)
})

test('jobs that ended are kept for 30 days, and those that wait or run for good', () => {
  const path = newPath()
  const file = open(path)
  for (const phase of ['queued', 'held', 'starting', 'running', 'passed', 'failed', 'canceled'] as const)
    file.record(jobRecord(job(`job-${phase}`, { phase })))
  file.close()
  const ids = (days: number): string[] =>
    open(path, NOW_MS + days * DAY_MS)
      .latest()
      .map(({ id }) => id)
  expect(ids(29)).toHaveLength(7)
  expect(ids(31)).toEqual(['job-queued', 'job-held', 'job-starting', 'job-running'])
})

test('a job that ended is kept while one that waits depends on it, or something is still to follow', () => {
  const path = newPath()
  const file = open(path)
  file.record(jobRecord(job('job-needed', { phase: 'passed' })))
  file.record(jobRecord(job('job-unneeded', { phase: 'passed' })))
  file.record(jobRecord(job('job-fetching', { phase: 'passed', followUp: 'results' })))
  file.record(jobRecord(job('job-waits', { spec: jobSpec({ dependsOn: ['job-needed'] }) })))
  const over = jobSpec({ dependsOn: ['job-unneeded'] })
  file.record(jobRecord(job('job-over', { phase: 'canceled', spec: over })))
  file.close()
  const kept = open(path, NOW_MS + 31 * DAY_MS).latest()
  expect(kept.map(({ id }) => id)).toEqual(['job-needed', 'job-fetching', 'job-waits'])
})

const MIB = 1_024 * 1_024
const bigJob = (id: string, run: number): QueueRecord =>
  jobRecord(job(id, { spec: jobSpec({ command: 'x'.repeat(32 * 1_024) }), runCount: run }))

test('a file that grows is rewritten while it is open, and holds the latest states of all jobs', () => {
  const path = newPath()
  const file = open(path)
  const first = jobRecord(job('job-first'))
  for (const record of [first, jobRecord(job('job-gone')), removalRecord('job-gone')]) file.record(record)
  for (let run = 1; run <= 600; run += 1) {
    expect(file.record(bigJob('job-big', run)).ok).toBe(true)
    expect(statSync(path).size).toBeLessThan(8 * MIB + 40 * 1_024)
  }
  expect(readQueue(path)).toEqual([first, bigJob('job-big', 600)])
  expect(readFileSync(path, 'utf8')).not.toContain('job-gone')
  file.close()
  expect(open(path).latest()).toEqual([first, bigJob('job-big', 600)])
})

test('a file that can’t be rewritten grows on, and no record fails because of that', () => {
  const path = newPath()
  const file = open(path)
  file.record(bigJob('job-big', 0))
  mkdirSync(`${path}.new`)
  for (let run = 1; run <= 300; run += 1) expect(file.record(bigJob('job-big', run)).ok).toBe(true)
  expect(statSync(path).size).toBeGreaterThan(8 * MIB)
  expect(readQueue(path)).toEqual([bigJob('job-big', 300)])
})

test('a damaged file that could not be copied aside is not rewritten', () => {
  const path = newPath()
  writeFileSync(path, `${journalLine(records[0]!)}damaged\n`)
  mkdirSync(`${path}.new`)
  const file = open(path)
  expect(file.problems[0]).toContain('could not be repaired')
  rmdirSync(`${path}.new`)
  for (let run = 1; run <= 300; run += 1) file.record(bigJob('job-big', run))
  expect(readFileSync(path, 'utf8')).toContain('damaged\n')
})

test('a job at the start of a large file is read', () => {
  const path = newPath()
  writeFileSync(path, journalLine(records[0]!))
  appendFileSync(path, `${'x'.repeat(65 * MIB)}\n`)
  expect(readQueue(path)).toEqual([records[0]])
})

test('only the program that holds the folder writes to the queue', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-queue-'))
  const first = await lockFolder(folder)
  const second = await lockFolder(folder)
  expect(first.queue.record(records[0]!).ok).toBe(true)
  expect(second.queue.record(records[1]!)).toMatchObject({ ok: false })
  expect(readQueue(join(folder, 'queue.jsonl'))).toEqual([records[0]])
  appendFileSync(join(folder, 'queue.jsonl'), '{"cut')
  first.dispose()
  await expect.poll(() => second.queue.latest()).toEqual([records[0]])
  expect(second.queue.problems).toEqual([])
})
