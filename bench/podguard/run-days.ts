import { existsSync } from 'node:fs'
import { drawPodDay } from './pod-day'
import { judgeDay, reasonsAt } from './day-oracle'
import { startFakeRunpod } from './fake-runpod'
import { runPodDay } from './run-day'
import type { ShellCommand } from '../processes'

/** The shells that are installed here. */
export const guardShells: readonly ShellCommand[] = (
  [
    ['/usr/bin/dash', 'dash'],
    ['/usr/bin/busybox', 'busybox', 'sh'],
    ['/usr/bin/bash', 'bash', '--posix'],
  ] as const
).flatMap(([path, ...shell]) => (existsSync(path) ? [shell as unknown as ShellCommand] : []))

export interface DaysResult {
  /** What went wrong, by seed. */
  readonly problems: readonly string[]
  readonly stops: Readonly<Record<'idle' | 'deadline', number>>
  /** Days in which the pod was not stopped. */
  readonly kept: number
  readonly readings: number
}

/** Runs the guard through days of pods by seed, and judges what it did by what happened in them. */
export async function runPodDays(
  first: number,
  count: number,
  hours: number,
  concurrent: number,
): Promise<DaysResult> {
  const runpod = await startFakeRunpod()
  const waiting = Array.from({ length: count }, (_, i) => first + i)
  const problems: string[] = []
  const stops = { idle: 0, deadline: 0 }
  let [kept, readings] = [0, 0]
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const day = drawPodDay(seed, hours)
      const shell = guardShells[seed % guardShells.length] ?? ['sh']
      try {
        const record = await runPodDay(day, shell, runpod)
        problems.push(...judgeDay(record).map((problem) => `seed ${seed} (${shell.join(' ')}): ${problem}`))
        readings += record.readings
        const reason = record.stoppedAtS === null ? null : reasonsAt(day, record.stoppedAtS)[0]
        if (reason == null) kept += 1
        else stops[reason] += 1
      } catch (cause) {
        problems.push(
          `seed ${seed} (${shell.join(' ')}): ${cause instanceof Error ? cause.message : String(cause)}`,
        )
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: concurrent }, work))
  } finally {
    await runpod.close()
  }
  return { problems, stops, kept, readings }
}
