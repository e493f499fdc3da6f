import type { Measurement } from '../measurement'
import { guardShells, runPodDays } from './run-days'

const DAYS = 1_000
const HOURS = 24
const CONCURRENT = 4

/**
 * The guard in the pod through whole days, in each shell: one that stops a pod that works, or misses one that is idle
 * or overdue, fails it.
 */
export async function measureGuardInPod(): Promise<readonly Measurement[]> {
  const { problems, stops, kept, readings } = await runPodDays(1, DAYS, HOURS, CONCURRENT)
  for (const line of problems.slice(0, 20)) console.error(line)
  const figure = (name: string, value: number, goal: Measurement['goal'] = null): Measurement => ({
    group: 'podguard',
    name,
    unit: '',
    value,
    spread: null,
    baseline: null,
    beside: null,
    goal,
  })
  const shells = guardShells.map((shell) => shell.join(' ')).join(', ')
  return [
    figure(`rules broken in ${DAYS} days of pods (${shells})`, problems.length, { kind: 'value', atMost: 0 }),
    figure('pods stopped because they were idle', stops.idle),
    figure('pods stopped at their deadline', stops.deadline),
    figure('pods that were not to be stopped', kept),
    figure('readings', readings),
  ]
}
