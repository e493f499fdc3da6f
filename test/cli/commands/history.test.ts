import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createHistoryStore } from '../../../src/core/history/history-store'
import { parseHistorySpan } from '../../../src/cli/commands/arguments'
import {
  historyCsv,
  historyJson,
  historyLines,
  type HistoryQuery,
  readPodHistory,
} from '../../../src/cli/commands/history'
import { historyFolder, openHistoryFiles } from '../../../src/node/data-folder/records/history-files'
import { runCli, startCli, startSimulator } from '../../harness/cli/cli'
import { usageSample } from '../../harness/samples/usage-history'

const NOW_MS = Date.UTC(2026, 10, 24, 14, 30)
const account = { id: 'account', name: 'Personal' }

/** Two hours of a busy pod with two GPUs, and then idle up to now. */
function recorded(podId = 'k7q2'): string {
  const dataFolder = mkdtempSync(join(tmpdir(), 'podkeeper-cli-history-'))
  const store = createHistoryStore({
    files: openHistoryFiles(historyFolder(dataFolder, account.id), () => true),
    nowMs: () => NOW_MS,
    onProblem: () => {},
  })
  for (let atMs = NOW_MS - 4 * HOUR_MS; atMs <= NOW_MS; atMs += MINUTE_MS) {
    const isBusy = atMs < NOW_MS - 2 * HOUR_MS
    const gpus = [0, 20].map((less) => ({ util: isBusy ? 98 - less : 0, memory: 41 }))
    store.record([
      usageSample({ podId, atMs, state: isBusy ? 'busy' : 'idle', gpus, cpu: isBusy ? null : 1 }),
    ])
  }
  return dataFolder
}

const query = (over: Partial<HistoryQuery> = {}): HistoryQuery => ({
  dataFolder: over.dataFolder ?? recorded(),
  accounts: [account],
  pod: 'k7q2',
  sinceMs: DAY_MS,
  nowMs: NOW_MS,
  ...over,
})
const textOf = (lines: ReturnType<typeof historyLines>): string =>
  lines
    .map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n')

test('a day is printed by hour, with ranges, shares and what is unknown', async () => {
  const text = textOf(historyLines(await readPodHistory(query()), 100))
  expect(text).toMatch(/^TIME +STATE +GPU +GPU MEMORY +CPU +MEMORY$/m)
  expect(text).toMatch(/11:00 +busy +88% \(78–98%\) +41% +20%$/m)
  expect(text).toMatch(/12:00 +idle 51%, busy 49%/m)
  expect(text).toMatch(/13:00 +idle +0% +41% +1% +20%$/m)
  expect(text.split('\n')).toHaveLength(1 + 5)
})

test('a few hours are printed by minute, and each sample where that is asked for', async () => {
  const dataFolder = recorded()
  expect((await readPodHistory(query({ dataFolder, sinceMs: HOUR_MS }))).rows).toHaveLength(61)
  const samples = await readPodHistory(query({ dataFolder, sinceMs: 10 * MINUTE_MS, step: 'sample' }))
  expect(samples.rows.map(({ startMs }) => startMs).at(-1)).toBe(NOW_MS)
  expect(textOf(historyLines(samples, 100))).toMatch(/:30:00 +idle +0%/)
})

test('a step of which hardly anything is over is not observed', async () => {
  const rows = await readPodHistory(query({ dataFolder: recorded(), nowMs: NOW_MS }))
  const [row] = rows.rows.slice(-1)
  if (row === undefined) throw new Error('no row')
  const shares = { busy: 0, idle: 0, off: 0, unknown: 0 }
  const started = { ...rows, rows: [{ ...row, startMs: NOW_MS, shares }], toMs: NOW_MS + 1 }
  expect(textOf(historyLines(started, 100))).toMatch(/ not observed +0% /)
})

test('JSON and CSV have every figure as a number, and nothing for what is unknown', async () => {
  const result = await readPodHistory(query({ sinceMs: 4 * HOUR_MS }))
  expect(historyJson(result)).toMatchObject({
    version: 1,
    account: { id: 'account', name: 'Personal' },
    pod: { id: 'k7q2', name: 'k7q2' },
    step: 'hour',
    since: new Date(NOW_MS - 4 * HOUR_MS).toISOString(),
    rows: expect.arrayContaining([
      expect.objectContaining({ samples: 60, gpu: { min: 78, mean: 88, max: 98, known: 1 }, cpu: null }),
    ]) as unknown,
  })
  const [head, , second] = historyCsv(result).split('\r\n')
  expect(head).toMatch(/^at,samples,busy share,idle share,off share,unknown share,gpu min,gpu mean,/)
  expect(second).toBe('2026-11-24T11:00:00.000Z,60,1,0,0,0,78,88,98,1,41,41,41,1,,,,,20,20,20,1')
})

test('an unknown pod, and a folder without a history, are reported as such', async () => {
  await expect(readPodHistory(query({ pod: 'other' }))).rejects.toThrow(/^No pod has the name or id "other"/)
  const dataFolder = mkdtempSync(join(tmpdir(), 'podkeeper-no-history-'))
  await expect(readPodHistory(query({ dataFolder }))).rejects.toThrow(/^There is no history yet/)
})

test('a time is minutes, hours or days, up to what is kept', () => {
  expect(['90m', '15min', '24h', '1.5h', '7d', '90d'].map(parseHistorySpan)).toEqual([
    90 * MINUTE_MS,
    15 * MINUTE_MS,
    DAY_MS,
    1.5 * HOUR_MS,
    7 * DAY_MS,
    90 * DAY_MS,
  ])
  for (const text of ['', '24', 'h', '0h', '-1h', '91d', '1e3h', '24 h', '24h ', '∞d'])
    expect(parseHistorySpan(text), text).toBeNull()
})

test('a watch records what the command prints, without a key and while it runs', async () => {
  const runpod = await startSimulator([{ id: 'k7q2', name: 'trainer', mode: 'training' }])
  const watch = startCli({ args: ['watch', '--log', 'text'], runpod })
  await watch.waitForOutput(/trainer/)
  const run = (...args: string[]) =>
    runCli({
      args: ['history', ...args],
      dataFolder: watch.dataFolder,
      env: { RUNPOD_API_KEY: undefined },
    })
  const answer = await run('k7q2', '--by', 'sample', '--json')
  expect(answer.stderr).toBe('')
  const { rows } = JSON.parse(answer.stdout) as { rows: { gpu: { mean: number } }[] }
  expect(rows.length).toBeGreaterThan(0)
  expect(rows[0]?.gpu.mean).toBeGreaterThan(5)
  expect((await run('nobody')).code).toBe(5)
  expect((await run('k7q2', '--since', '91d')).code).toBe(2)
})
