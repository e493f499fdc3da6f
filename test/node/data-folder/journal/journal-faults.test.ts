import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { openJournal, readIntents } from '../../../../src/node/data-folder/journal/journal'
import { journalLine } from '../../../../src/node/data-folder/journal/journal-line'
import { fileFaults } from '../../../harness/data-folder/file-faults'
import { intentsByState } from '../../../harness/samples/intents'

vi.mock('node:fs', async (original) => {
  const { withFileFaults } = await import('../../../harness/data-folder/file-faults')
  return withFileFaults(await original())
})

afterEach(() => void Object.assign(fileFaults, { kind: 'none' }))

const STEPS = 24
const NOW_MS = intentsByState('stop').scheduled.phaseAt.wallMs
const intentOf = (id: string) => ({ ...intentsByState('stop').scheduled, id })
const lineOf = (id: string): string => journalLine(intentOf(id))
const damagedText = `${lineOf('i1')}{"id":"i9"}\n${lineOf('i3')}`

function damagedJournal(): { path: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-journal-'))
  const path = join(folder, 'intents.jsonl')
  writeFileSync(path, damagedText)
  return { path, folder }
}

const idsIn = (path: string): readonly string[] =>
  openJournal(path, NOW_MS)
    .latest()
    .map(({ id }) => id)

function failFrom(kind: 'full' | 'killed', fromStep: number, run: () => void): boolean {
  Object.assign(fileFaults, { kind, fromStep, steps: 0 })
  try {
    run()
  } catch (cause) {
    expect(String(cause)).toMatch(/ENOSPC|killed/)
  } finally {
    fileFaults.kind = 'none'
  }
  return fileFaults.steps >= fromStep
}

test.each(['full', 'killed'] as const)(
  'a damaged journal opened while the disk or process is %s at any step loses and doubles no intent',
  (kind) => {
    let reached = 0
    for (let step = 1; step <= STEPS; step += 1) {
      const { path, folder } = damagedJournal()
      if (failFrom(kind, step, () => openJournal(path, NOW_MS).close())) reached = step
      expect(idsIn(path), `step ${step}`).toEqual(['i1', 'i3'])
      expect(idsIn(path), `step ${step}, second start`).toEqual(['i1', 'i3'])
      const copies = readdirSync(folder).filter((name) => /damaged-\w+$/.test(name))
      expect(copies, `step ${step}`).toHaveLength(1)
      expect(readFileSync(join(folder, copies[0] ?? ''), 'utf8')).toBe(damagedText)
    }
    expect(reached).toBeGreaterThan(6)
    expect(reached).toBeLessThan(STEPS)
  },
)

test('a damaged journal on a full disk is used as it is, and that is reported', () => {
  const { path } = damagedJournal()
  failFrom('full', 1, () => {
    const journal = openJournal(path, NOW_MS)
    expect(journal.latest().map(({ id }) => id)).toEqual(['i1', 'i3'])
    expect(journal.problems).toEqual([expect.stringMatching(/damaged and could not be repaired \(ENOSPC/)])
    expect(journal.record(intentOf('i4'))).toMatchObject({ ok: false })
  })
  expect(readFileSync(path, 'utf8')).toBe(damagedText)
})

test('a whole journal on a full disk still tells which actions are open', () => {
  const { path } = damagedJournal()
  writeFileSync(path, lineOf('i1'))
  failFrom('full', 1, () => expect(openJournal(path, NOW_MS).latest()).toHaveLength(1))
  expect(idsIn(path)).toEqual(['i1'])
})

test.each(['full', 'killed'] as const)(
  'an action recorded while the disk or process is %s at any step is whole or absent, and the next one is whole',
  (kind) => {
    for (let step = 1; step <= 4; step += 1) {
      const { path } = damagedJournal()
      writeFileSync(path, lineOf('i1'))
      const journal = openJournal(path, NOW_MS)
      let isRecorded = false
      failFrom(kind, step, () => void (isRecorded = journal.record(intentOf('i2')).ok))
      // After kill -9 another process continues.
      const next = kind === 'full' ? journal : openJournal(path, NOW_MS)
      expect(next.record(intentOf('i3')).ok).toBe(true)
      const found = idsIn(path)
      expect(found.filter((id) => id !== 'i2')).toEqual(['i1', 'i3'])
      if (isRecorded) expect(found).toContain('i2')
    }
  },
)

test('an action is recorded on a line of its own after a partial line that could not be removed', () => {
  const { path } = damagedJournal()
  writeFileSync(path, `${lineOf('i1')}{"id":"i`)
  failFrom('full', 1, () => {
    const journal = openJournal(path, NOW_MS)
    fileFaults.kind = 'none'
    expect(journal.record(intentOf('i2')).ok).toBe(true)
  })
  expect(idsIn(path)).toEqual(['i1', 'i2'])
})

const MIB = 1_024 * 1_024

test.each(['full', 'killed'] as const)(
  'a grown journal that is rewritten while the disk or process is %s at any step loses no record',
  (kind) => {
    let reached = 0
    for (let step = 1; step <= STEPS; step += 1) {
      const { path } = damagedJournal()
      writeFileSync(path, lineOf('i1'))
      const journal = openJournal(path, NOW_MS)
      appendFileSync(path, lineOf('i2').repeat(Math.ceil((8 * MIB) / lineOf('i2').length)))
      const acknowledged = ['i1']
      const record = (id: string): void => {
        if (journal.record(intentOf(id)).ok) acknowledged.push(id)
      }
      if (failFrom(kind, step, () => record('i3'))) reached = step
      if (kind === 'full') record('i4')
      expect(
        readIntents(path)?.map(({ id }) => id),
        `step ${step}`,
      ).toEqual(expect.arrayContaining(acknowledged))
      expect(acknowledged.includes('i4'), `step ${step}`).toBe(kind === 'full')
      journal.close()
    }
    expect(reached).toBeGreaterThan(6)
    expect(reached).toBeLessThan(STEPS)
  },
)

test('a journal that another file replaced is not put in its place', () => {
  const { path } = damagedJournal()
  writeFileSync(path, lineOf('i1'))
  const journal = openJournal(path, NOW_MS)
  appendFileSync(path, lineOf('i1').repeat(Math.ceil((8 * MIB) / lineOf('i1').length)))
  renameSync(path, `${path}.before`)
  writeFileSync(path, lineOf('other'))
  journal.record(intentOf('i2'))
  expect(readFileSync(path, 'utf8')).toBe(lineOf('other'))
  journal.close()
})
