import { type ActingWorld, couldStopAt, DUE_MIN, failsAt, WORLD_MIN } from './acting-world'
import type { SeenMinute } from './run-acting-world'

/** Both warnings once more, 15 min in which nobody could act, and what polls take. */
const EXPLAINED_AFTER_MIN = 55
/** Quiet time and both warnings once more. */
const STOPPED_AFTER_MIN = 105
/** A refused stop is tried again after 2 h at the latest. */
const RETRIED_AFTER_MIN = 170
/** A guard is read every 5 min. */
const LEASE_AFTER_MIN = 65

/** What is wrong in the world by what it is, not by what the program thinks. See docs/product-rules.md#39-who-can-act. */
export function judgeActingWorld(world: ActingWorld, minutes: readonly SeenMinute[]): readonly string[] {
  const wrong = new Set<string>()
  const { choice, guard, faults } = world
  let unableMin = 0
  let ableMin = 0
  minutes.forEach((seen, minute) => {
    // What was seen is from the end of the minute.
    const could = couldStopAt(world, minute + 1)
    // Behind a fault that ended, another one shows only when a stop is tried again.
    const hasEnded = faults.some(({ toMin }) => toMin === minute + 1)
    unableMin = could || hasEnded || minute < DUE_MIN ? 0 : unableMin + 1
    ableMin = could ? ableMin + 1 : 0
    const say = (what: string): void => void wrong.add(`${what} at minute ${minute}`)
    const isAlerted = seen.alerts.some((name) => /^(unable-to-act|activity-unknown|key-refused) /.test(name))
    if (choice !== 'none') {
      if (seen.isStopped) say(`stopped although it is ${choice}`)
      if (isAlerted) say(`alerted although it is ${choice}`)
      if (seen.lease === false && choice !== 'off' && !failsAt(world, 'network', minute))
        say(`handed over although it is ${choice}`)
      return
    }
    if (seen.isStopped) return
    const isExplainable = unableMin >= EXPLAINED_AFTER_MIN
    if (isExplainable && guard !== 'armed' && !isAlerted && !seen.isSaid)
      say('not stopped, and nobody was told')
    if (isExplainable && seen.hasTime) say('shown with a time although nobody can stop it')
    // A guard is read while its pod is listed as running.
    const isRead =
      guard !== 'none' && !(['network', 'status'] as const).some((one) => failsAt(world, one, minute))
    if (unableMin >= LEASE_AFTER_MIN && isRead && seen.lease === true)
      say('claimed although it can’t be stopped')
    const wasRefused = faults.some(({ fault }) => fault === 'read-only')
    if (ableMin >= Math.max(DUE_MIN, wasRefused ? RETRIED_AFTER_MIN : STOPPED_AFTER_MIN)) say('not stopped')
  })
  const last = minutes.at(-1)
  if (
    faults.length === 0 &&
    last !== undefined &&
    last.alerts.some((name) => name.startsWith('unable-to-act'))
  )
    wrong.add('alerted although nothing fails')
  const own = last?.alerts.filter((name) => name.startsWith('unable-to-act')) ?? []
  if (new Set(own).size > faults.length + 1) wrong.add(`${own.length} alerts for ${faults.length} faults`)
  if (minutes.length !== WORLD_MIN) wrong.add('the world ended early')
  return [...wrong].slice(0, 3)
}
