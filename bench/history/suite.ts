import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../src/core/base/time/time'
import { tableOfRows } from '../../src/core/history/usage-table'
import { createHistoryReader } from '../../src/core/history/history-reader'
import { floorTo } from '../../src/core/history/rollup'
import { openHistoryFiles } from '../../src/node/data-folder/records/history-files'
import { type Measurement, median, spreadOf } from '../measurement'
import { fillHistory, fullLaterOn, noisySample, podIdAt } from './fill'
import { killWhileRecording } from './kills'

const PODS = 200
const DAYS = 90
const KILLS = 200
const OPENINGS = 25
const NONE = { spread: null, baseline: null, beside: null } as const

/** How large the history of an account gets, and how long a week of one of its pods takes to read. */
export async function measureHistoryFiles(): Promise<readonly Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-history-'))
  try {
    return await measureFilesIn(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureFilesIn(folder: string): Promise<readonly Measurement[]> {
  const endMs = floorTo(Date.now(), HOUR_MS) + HOUR_MS / 2
  const store = await fillHistory(folder, PODS, endMs - DAYS * DAY_MS, endMs, fullLaterOn(endMs))
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  const weeks: number[] = []
  for (let round = 0; round < OPENINGS; round++) {
    const before = performance.now()
    // As for a window: opened anew each time, and made into columns.
    const reader = createHistoryReader(openHistoryFiles(folder, () => false))
    const rows = await reader.rows(podIdAt(round * 7), endMs - 7 * DAY_MS, endMs, 'minute')
    const table = tableOfRows(rows, 'minute', endMs - 7 * DAY_MS, endMs)
    weeks.push(performance.now() - before)
    if (table.atMs.length < 7 * 24 * 60 - 5)
      throw new Error(`only ${table.atMs.length} minutes of a week were found`)
  }
  const hours = await store.rows(podIdAt(3), endMs - DAYS * DAY_MS, endMs, 'hour')
  if (hours.length < (DAYS - 1) * 24) throw new Error(`only ${hours.length} hours of ${DAYS} days were found`)
  const polls: number[] = []
  for (let poll = 0; poll < 100; poll++) {
    const samples = Array.from({ length: PODS }, (_, index) =>
      noisySample(index, endMs + poll * 15 * SECOND_MS),
    )
    const before = performance.now()
    store.record(samples)
    polls.push(performance.now() - before)
  }
  await store.settled()
  const of = { group: 'history', unit: 'ms', baseline: null, beside: null } as const
  return [
    {
      ...of,
      ...NONE,
      name: `${PODS} pods, ${DAYS} days, on disk`,
      unit: 'MB',
      value: bytes / 1e6,
      goal: atMost(50),
    },
    {
      ...of,
      name: 'a week of one of them, read by minute',
      value: median(weeks),
      spread: spreadOf(weeks),
      goal: atMost(100),
    },
    { ...of, ...NONE, name: '… at its slowest', value: Math.max(...weeks), goal: atMost(100) },
    {
      ...of,
      name: 'a poll of all of them, recorded',
      value: median(polls),
      spread: spreadOf(polls),
      goal: atMost(10),
    },
  ]
}

const atMost = (value: number) => ({ kind: 'value', atMost: value }) as const

/** A program that is killed while it records. */
export async function measureHistoryKills(): Promise<readonly Measurement[]> {
  const outDir = mkdtempSync(join(tmpdir(), 'podkeeper-history-program-'))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: 'bench/history/program.ts',
      outDir,
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'program.cjs' } },
    },
  })
  const wrongs = await killWhileRecording(join(outDir, 'program.cjs'), KILLS)
  for (const wrong of wrongs) console.error(wrong)
  return [
    {
      ...NONE,
      group: 'history',
      name: `polls that were recorded and lost or doubled, ${KILLS} kills`,
      unit: '',
      value: wrongs.length,
      goal: atMost(0),
    },
  ]
}
