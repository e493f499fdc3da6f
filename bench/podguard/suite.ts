import { countsOf, type Measurement } from '../measurement'
import { guardShells, runPodDays } from './run-days'

const DAYS = 1_000
const HOURS = 24
const CONCURRENT = 4
/** What went wrong is printed after so many days, since all of them take hours. */
const DAYS_AT_A_TIME = 50

/**
 * The guard in the pod through whole days, in each shell: one that stops a pod that works, or misses one that is idle
 * or overdue, fails it.
 */
export async function measureGuardInPod(): Promise<readonly Measurement[]> {
  const sums = { problems: 0, idle: 0, deadline: 0, kept: 0, readings: 0 }
  for (let first = 1; first <= DAYS; first += DAYS_AT_A_TIME) {
    const { problems, stops, kept, readings } = await runPodDays(first, DAYS_AT_A_TIME, HOURS, CONCURRENT)
    for (const line of problems) console.error(line)
    sums.problems += problems.length
    sums.idle += stops.idle
    sums.deadline += stops.deadline
    sums.kept += kept
    sums.readings += readings
    const days = first + DAYS_AT_A_TIME - 1
    console.log(
      `${days} days: ${sums.problems} rules broken, ${sums.idle} stopped as idle, ${sums.deadline} at their deadline, ${sums.readings} readings`,
    )
  }
  const count = countsOf('podguard')
  const shells = guardShells.map((shell) => shell.join(' ')).join(', ')
  return [
    count(`rules broken in ${DAYS} days of pods (${shells})`, sums.problems, 0),
    count('pods stopped because they were idle', sums.idle),
    count('pods stopped at their deadline', sums.deadline),
    count('pods that were not to be stopped', sums.kept),
    count('readings', sums.readings),
  ]
}
