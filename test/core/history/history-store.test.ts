import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { HistoryFiles } from '../../../src/core/history/history-files'
import { createHistoryStore, type HistoryStore } from '../../../src/core/history/history-store'
import { parseJournalName, parseSegmentName, segmentName } from '../../../src/core/history/history-names'
import { encodeHead } from '../../../src/core/history/segment-codec'
import { createMemoryHistoryFiles } from '../../../src/node/in-memory/memory-files'
import { createFailingFiles, usageSample } from '../../harness/samples/usage-history'

const START_MS = Date.UTC(2026, 10, 24)

function newHistory(files: HistoryFiles = createMemoryHistoryFiles()) {
  const clock = { nowMs: START_MS }
  const problems: (string | null)[] = []
  const open = (): HistoryStore =>
    createHistoryStore({ files, nowMs: () => clock.nowMs, onProblem: (problem) => problems.push(problem) })
  const kinds = () =>
    files
      .list()
      .map((name) => parseSegmentName(name)?.kind ?? (parseJournalName(name) === null ? name : 'journal'))
  return { files, clock, problems, open, kinds }
}

type Times = ReturnType<typeof newHistory>

/** Records a sample of two pods every `stepMs` until `endMs`. */
async function watch(
  history: Times,
  store: HistoryStore,
  endMs: number,
  stepMs = 10 * MINUTE_MS,
): Promise<void> {
  for (; history.clock.nowMs < endMs; history.clock.nowMs += stepMs) {
    const atMs = history.clock.nowMs
    store.record([usageSample({ atMs, cpu: (atMs / stepMs) % 101 }), usageSample({ atMs, podId: 'pod-2' })])
    await store.settled()
  }
}

test('samples of today are found again after the program was started anew', async () => {
  const history = newHistory()
  await watch(history, history.open(), START_MS + 3 * HOUR_MS)
  const again = history.open()
  const samples = await again.samples('pod-1', START_MS, START_MS + DAY_MS)
  expect(samples).toHaveLength(18)
  expect(samples[3]).toEqual(
    usageSample({ atMs: START_MS + 30 * MINUTE_MS, cpu: (START_MS / (10 * MINUTE_MS) + 3) % 101 }),
  )
  expect(await again.samples('pod-3', START_MS, START_MS + DAY_MS)).toEqual([])
  expect(await again.samples('pod-1', START_MS + HOUR_MS, START_MS + 2 * HOUR_MS)).toHaveLength(6)
})

test('old days are kept by minute, older ones by hour, and no files beyond that', async () => {
  const history = newHistory()
  const store = history.open()
  await watch(history, store, START_MS + 100 * DAY_MS, HOUR_MS)
  const count = (kind: string) => history.kinds().filter((one) => one === kind).length
  expect(count('samples')).toBeGreaterThanOrEqual(24)
  expect(count('samples')).toBeLessThanOrEqual(48)
  expect([count('minutes'), count('hours'), count('journal')]).toEqual([7, 90, 1])
  const { nowMs } = history.clock
  expect(await store.rows('pod-1', nowMs - 7 * DAY_MS, nowMs, 'minute')).toHaveLength(7 * 24)
  const hours = await store.rows('pod-2', nowMs - 90 * DAY_MS, nowMs, 'hour')
  expect(hours).toHaveLength(90 * 24)
  expect(hours[0]?.figures.gpu).toEqual({ min: 94, mean: 94, max: 94, known: 0 })
})

test('a clock that jumps ahead and back removes nothing', async () => {
  const history = newHistory()
  const store = history.open()
  await watch(history, store, START_MS + 4 * DAY_MS, 30 * MINUTE_MS)
  const rightMs = history.clock.nowMs
  const before = await store.rows('pod-1', START_MS, rightMs, 'hour')
  for (const wrongMs of [rightMs + 400 * DAY_MS, 0, rightMs - 2 * DAY_MS + 7, rightMs + 30 * DAY_MS]) {
    history.clock.nowMs = wrongMs
    await watch(history, store, wrongMs + 2 * DAY_MS, HOUR_MS)
  }
  history.clock.nowMs = rightMs
  await watch(history, store, rightMs + HOUR_MS, 30 * MINUTE_MS)
  const after = new Map(
    (await store.rows('pod-1', START_MS, rightMs, 'hour')).map((row) => [row.startMs, row]),
  )
  for (const row of before) expect(after.get(row.startMs)?.samples).toBeGreaterThanOrEqual(row.samples)
})

test('on a full disk the problem is reported once, and what was not written is kept and written later', async () => {
  const files = createFailingFiles()
  const history = newHistory(files)
  const store = history.open()
  await watch(history, store, START_MS + 30 * MINUTE_MS)
  files.isFull = true
  await watch(history, store, START_MS + 2 * HOUR_MS)
  expect(history.problems).toEqual([
    'The history of your pods can’t be written: ENOSPC: no space left on device',
  ])
  expect(await store.samples('pod-1', START_MS, START_MS + DAY_MS)).toHaveLength(12)
  files.isFull = false
  await watch(history, store, START_MS + 3 * HOUR_MS)
  expect(history.problems.at(-1)).toBeNull()
  expect(await history.open().samples('pod-1', START_MS, START_MS + DAY_MS)).toHaveLength(18)
})

test('a file that cannot be read right now is not taken for an empty one', async () => {
  const files = createMemoryHistoryFiles()
  let unreadable = /^$/
  const history = newHistory({
    ...files,
    read(name, offset, length) {
      if (unreadable.test(name)) throw new Error('EMFILE: too many open files')
      return files.read(name, offset, length)
    },
  })
  await watch(history, history.open(), START_MS + 26 * HOUR_MS)
  // A new program moves what the one before left, into a segment that is there already, and condenses a day.
  for (const failing of [/^journal/, /^samples/]) {
    unreadable = failing
    const store = history.open()
    await watch(history, store, history.clock.nowMs + 13 * HOUR_MS)
    expect(history.problems).toEqual([
      'The history of your pods can’t be written: EMFILE: too many open files',
    ])
    unreadable = /^$/
    await watch(history, store, history.clock.nowMs + 2 * HOUR_MS)
    expect(history.problems.splice(0)).toEqual([expect.any(String), null])
  }
  const { nowMs } = history.clock
  const minutes = await history.open().rows('pod-1', START_MS, nowMs, 'minute')
  expect(minutes).toHaveLength((nowMs - START_MS) / (10 * MINUTE_MS))
})

test('one file that stays unreadable keeps no other from being moved', async () => {
  const files = createMemoryHistoryFiles()
  const bad = segmentName('samples', START_MS + 2 * HOUR_MS)
  const history = newHistory({
    ...files,
    read(name, offset, length) {
      if (name === bad) throw new Error('EISDIR: illegal operation on a directory')
      return files.read(name, offset, length)
    },
  })
  const store = history.open()
  await watch(history, store, START_MS + 5 * DAY_MS, 30 * MINUTE_MS)
  expect(history.problems).toHaveLength(1)
  expect(history.kinds().filter((kind) => kind === 'journal').length).toBeLessThanOrEqual(2)
  expect(history.kinds().filter((kind) => kind === 'samples').length).toBeLessThanOrEqual(24 + 48)
})

test('files of a newer version are neither read nor changed nor removed', async () => {
  const history = newHistory()
  const newer = encodeHead()
  newer[8] = 2
  const names = [
    segmentName('samples', START_MS),
    segmentName('hours', START_MS - 300 * DAY_MS),
    'journal-000007',
  ]
  for (const name of names) history.files.replace(name, newer)
  const store = history.open()
  await watch(history, store, START_MS + 120 * DAY_MS, 2 * HOUR_MS)
  for (const name of names) expect(history.files.read(name, 0, 100)).toEqual(newer)
  expect(await store.samples('pod-1', START_MS, START_MS + HOUR_MS)).toEqual([])
})

test('a program that may not write records nothing', async () => {
  const files = createMemoryHistoryFiles()
  const history = newHistory({ ...files, mayWrite: () => false })
  await watch(history, history.open(), START_MS + 3 * HOUR_MS)
  expect(files.list()).toEqual([])
})

test('a sample that no file could hold is left out, and the others of its poll are kept', async () => {
  const history = newHistory()
  const store = history.open()
  const bad = [{ podId: 'x'.repeat(201) }, { atMs: -1 }, { atMs: 1.5 }, { atMs: Number.NaN }, { atMs: 9e15 }]
  store.record([...bad.map(usageSample), usageSample({ podId: '' })])
  expect(await store.samples('', 0, 9e15)).toHaveLength(1)
  for (const { podId = 'pod-1' } of bad) expect(await store.samples(podId, 0, 9e15)).toEqual([])
})

test('wherever the program ends, what it recorded before is there, once', async () => {
  const times = fc.array(fc.constantFrom(10 * MINUTE_MS, 50 * MINUTE_MS, 5 * HOUR_MS, 11 * HOUR_MS), {
    minLength: 20,
    maxLength: 45,
  })
  await fc.assert(
    fc.asyncProperty(
      times,
      fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }),
      async (steps, ends) => {
        const files = createFailingFiles()
        const history = newHistory(files)
        const recorded: number[] = []
        let store = history.open()
        const stops = [...ends]
        files.stopsAt = stops.pop() ?? Number.POSITIVE_INFINITY
        for (const stepMs of steps) {
          const before = files.changes
          store.record([usageSample({ atMs: history.clock.nowMs })])
          const isWritten = files.changes > before && files.changes <= files.stopsAt
          await store.settled()
          if (isWritten) recorded.push(history.clock.nowMs)
          if (files.changes > files.stopsAt) {
            files.changes = 0
            files.stopsAt = stops.pop() ?? Number.POSITIVE_INFINITY
            store = history.open()
          }
          history.clock.nowMs += stepMs
        }
        files.changes = 0
        files.stopsAt = Number.POSITIVE_INFINITY
        const found = history.open()
        const rows = await found.rows('pod-1', START_MS, history.clock.nowMs, 'minute')
        const minutes = new Set(rows.map(({ startMs }) => startMs))
        expect(rows).toHaveLength(minutes.size)
        const lost = recorded.filter((atMs) => !minutes.has(atMs))
        // Minutes are kept for the seven newest days.
        const days = new Set(recorded.map((atMs) => Math.floor(atMs / DAY_MS)))
        const firstKept = [...days].slice(-7)[0] ?? 0
        expect(lost.filter((atMs) => atMs / DAY_MS >= firstKept)).toEqual([])
        for (const { samples } of rows) expect(samples).toBe(1)
      },
    ),
    { numRuns: 60 },
  )
})
