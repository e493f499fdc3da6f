import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import { createHistoryReader } from '../../src/core/history/history-reader'
import { floorTo } from '../../src/core/history/rollup'
import { openHistoryFiles } from '../../src/node/data-folder/records/history-files'

const START_MS = Date.UTC(2026, 0, 5)
/** Few polls an hour, so that in each process many hours and days are condensed. */
const STEP_MS = 20 * MINUTE_MS

/** Kills the program `kills` times while it records, and returns what was wrong with the history after each. */
export async function killWhileRecording(program: string, kills: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-history-'))
  try {
    return await recordAndKill(program, folder, kills)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function recordAndKill(program: string, folder: string, kills: number): Promise<readonly string[]> {
  const reader = createHistoryReader(openHistoryFiles(folder, () => false))
  const wrongs: string[] = []
  const recorded: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    const startMs = (recorded.at(-1) ?? START_MS - STEP_MS) + STEP_MS
    const run = await recordUntilKilled(program, folder, startMs, 1 + ((kill * 13) % 29))
    recorded.push(...run.recorded)
    const endMs = (recorded.at(-1) ?? START_MS) + STEP_MS
    wrongs.push(...(run.errors === '' ? [] : [`Kill ${kill}: ${run.errors}`]))
    // What was written right before the kill, and not yet told, may be there as well.
    for (const podId of ['a', 'c']) {
      const minutes = await reader.rows(podId, endMs - 5 * DAY_MS, endMs, 'minute')
      const found = new Set(minutes.map((row) => row.startMs))
      const lost = recorded.filter((atMs) => atMs >= endMs - 5 * DAY_MS && !found.has(atMs))
      if (lost.length > 0) wrongs.push(`Kill ${kill}: ${lost.length} polls of ${podId} are missing.`)
      if (minutes.some(({ samples }) => samples !== 1))
        wrongs.push(`Kill ${kill}: polls of ${podId} are doubled.`)
      const counts = new Map<number, number>()
      for (const atMs of recorded)
        if (atMs >= endMs - 80 * DAY_MS)
          counts.set(floorTo(atMs, HOUR_MS), (counts.get(floorTo(atMs, HOUR_MS)) ?? 0) + 1)
      const hours = new Map(
        (await reader.rows(podId, endMs - 81 * DAY_MS, endMs, 'hour')).map((row) => [
          row.startMs,
          row.samples,
        ]),
      )
      const short = [...counts].filter(([hourMs, count]) => (hours.get(hourMs) ?? 0) < count)
      // The first of them may have been counted in part only.
      if (short.length > 1) wrongs.push(`Kill ${kill}: ${short.length} hours of ${podId} lost samples.`)
    }
  }
  if (recorded.length < kills * MIN_POLLS) wrongs.push(`Only ${recorded.length} polls in ${kills} processes.`)
  return wrongs
}

/** Of each process, before it is killed. */
const MIN_POLLS = 5

interface KilledRun {
  readonly recorded: readonly number[]
  readonly errors: string
}

async function recordUntilKilled(
  program: string,
  folder: string,
  startMs: number,
  afterMs: number,
): Promise<KilledRun> {
  const child = spawn(process.execPath, [program, folder, String(startMs), String(STEP_MS)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors, isDue] = ['', '', false]
  // On a busy machine fewer polls are recorded in the same time.
  const killIfDue = (): void => {
    if (isDue && output.split('\n').length > MIN_POLLS) child.kill('SIGKILL')
  }
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve())
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output === '')
        setTimeout(() => {
          isDue = true
          killIfDue()
        }, afterMs)
      output += text
      killIfDue()
    })
  })
  // A line that was cut off is not one that was told.
  const recorded = output.split('\n').slice(0, -1).map(Number)
  return { recorded, errors }
}
