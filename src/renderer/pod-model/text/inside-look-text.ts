import { formatMoment } from '../../../core/base/text/format'
import type { InsideLookView } from '../../../core/guard/evidence/inside-looks'

/** What is known from inside of a pod, as a sentence; "" if nothing. Times in Unix ms. */
export function insideLookText(look: InsideLookView | null, nowMs: number, timeZone?: string): string {
  if (look === null) return ''
  if (look.isRunning) return 'Looking inside the pod. This takes a minute…'
  const { verdict, obstacle } = look
  if (obstacle !== null) return `Couldn’t look inside: ${obstacle}.`
  if (verdict === null) return ''
  const moment = formatMoment(verdict.atMs, timeZone === undefined ? { nowMs } : { nowMs, timeZone })
  return `Looked inside at ${moment}: it is ${verdict.kind === 'working' ? 'working' : 'at rest'}, ${verdict.text}.`
}
