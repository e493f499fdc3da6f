import { countsOf, type Measurement } from '../measurement'
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
  const count = countsOf('podguard')
  const shells = guardShells.map((shell) => shell.join(' ')).join(', ')
  return [
    count(`rules broken in ${DAYS} days of pods (${shells})`, problems.length, 0),
    count('pods stopped because they were idle', stops.idle),
    count('pods stopped at their deadline', stops.deadline),
    count('pods that were not to be stopped', kept),
    count('readings', readings),
  ]
}
