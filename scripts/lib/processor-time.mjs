import { readFileSync } from 'node:fs'

/** What Linux counts processor time in for `/proc`: ticks per second. */
const TICKS = 100

/**
 * Processor time in seconds that this process has used, and that of its ended children with all that they waited for;
 * null where the system has no `/proc`.
 */
export function processorTime(pid = 'self') {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program, in parentheses, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number)
    return { ownS: (user + system) / TICKS, childrenS: (childUser + childSystem) / TICKS }
  } catch {
    return null
  }
}

let countedS = 0

/**
 * Processor time in seconds of the child that has just ended: what the ended children have used since the last call.
 * Null where the system has no `/proc`.
 */
export function takeProcessorSecondsOfChild() {
  const time = processorTime()
  if (time === null) return null
  const seconds = time.childrenS - countedS
  countedS = time.childrenS
  return seconds
}
