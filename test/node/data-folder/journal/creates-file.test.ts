import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DAY_MS } from '../../../../src/core/base/time/time'
import {
  type CreateIntent,
  markCreateSent,
  scheduleCreate,
  toCreatePhase,
} from '../../../../src/core/creation/create-intent'
import { journalLine } from '../../../../src/node/data-folder/journal/journal-line'
import { openCreatesFile } from '../../../../src/node/data-folder/journal/lazy-journal'
import { readCreates } from '../../../../src/node/data-folder/journal/journal'
import { lockFolder } from '../../../harness/data-folder/control-holder'
import { createPlan } from '../../../harness/monitor/create-world'
import { intentsByState } from '../../../harness/samples/intents'
import { instant } from '../../../harness/samples/pods'

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-creates-'))

function create(id: string, more: Partial<CreateIntent> = {}): CreateIntent {
  const request = {
    accountId: 'account-1',
    plan: createPlan(['H100'], { name: id }),
    isFromCommandLine: false,
  }
  const scheduled = scheduleCreate({ ...request, id, runId: `run-${id}-1234`, listedPodIds: [] }, instant(0))
  return { ...scheduled, ...more }
}
const NOW_MS = instant(0).wallMs
const open = (path: string, atMs = NOW_MS) => openCreatesFile(path, () => atMs)

test('the file is made by the first create, and each state is on disk before it counts', () => {
  const path = join(newFolder(), 'creates.jsonl')
  const file = open(path)
  expect([file.latest(), existsSync(path)]).toEqual([[], false])
  expect(file.record(create('a')).ok).toBe(true)
  const sent = markCreateSent(create('a'), instant(5))
  expect(file.record(sent).ok).toBe(true)
  expect(readCreates(path)).toEqual([sent])
  file.close()
  expect(open(path).latest()).toEqual([sent])
})

test('what ended is dropped after a day, unless its pod may still appear or lacks its rules', () => {
  const path = join(newFolder(), 'creates.jsonl')
  const file = open(path)
  const sent = markCreateSent(create('x'), instant(0))
  const ended = (id: string, phase: CreateIntent['phase'], more: Partial<CreateIntent> = {}) =>
    toCreatePhase({ ...sent, ...create(id), sentAt: instant(0), ...more }, phase, instant(10), null)
  for (const each of [
    ended('failed', 'failed'),
    ended('made', 'observed', { podId: 'p', areRulesSet: true }),
    ended('unclear', 'did-not-happen', { isUnclear: true }),
    ended('without-rules', 'observed', { podId: 'q' }),
    create('waiting', { phase: 'waiting' }),
  ])
    file.record(each)
  file.close()
  const later = open(path, NOW_MS + 300 * DAY_MS)
  expect(later.latest().map(({ id }) => id)).toEqual(['unclear', 'without-rules', 'waiting'])
})

test('a damaged file is copied, what can be read continues, and that is reported', () => {
  const folder = newFolder()
  const path = join(folder, 'creates.jsonl')
  writeFileSync(path, `${journalLine(create('a'))}{"id":"dam\0aged"}\n${journalLine(create('b'))}`)
  const file = open(path)
  expect(file.latest().map(({ id }) => id)).toEqual(['a', 'b'])
  expect(file.problems.join()).toContain('The journal of creates was damaged')
  expect(readdirSync(folder).some((name) => name.startsWith('creates.jsonl.damaged-'))).toBe(true)
})

test('a last line that a crash cut off is dropped without a word', () => {
  const path = join(newFolder(), 'creates.jsonl')
  writeFileSync(path, `${journalLine(create('a'))}${journalLine(create('b')).slice(0, 80)}`)
  const file = open(path)
  expect([file.latest().map(({ id }) => id), file.problems]).toEqual([['a'], []])
  expect(file.record(create('c')).ok).toBe(true)
  expect(readCreates(path)?.map(({ id }) => id)).toEqual(['a', 'c'])
})

test('a file that cannot be opened keeps pods from being created, and nothing else from being done', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'creates.jsonl', 'in the way'), { recursive: true })
  const lock = await lockFolder(folder)
  expect(lock.isActing()).toBe(true)
  expect(lock.creates.problems.join()).toContain('so no pod can be created')
  expect(lock.creates.record(create('a')).ok).toBe(false)
  expect(lock.journal.record(intentsByState('stop').scheduled).ok).toBe(true)
})

test('only the program that holds the folder writes it', async () => {
  const folder = newFolder()
  const lock = await lockFolder(folder)
  expect(lock.creates.record(create('a')).ok).toBe(true)
  expect(lock.creates.latest().map(({ id }) => id)).toEqual(['a'])
  lock.dispose()
  expect(lock.creates.record(create('b')).ok).toBe(false)
  expect(readFileSync(join(folder, 'creates.jsonl'), 'utf8')).not.toContain('run-b-1234')
})
