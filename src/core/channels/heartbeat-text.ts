import { formatDuration } from '../base/text/format'
import { MINUTE_MS } from '../base/time/time'

export const heartbeatText = {
  begins: (everyMinutes: number) =>
    `The dead-man’s switch was reached. A request follows every ${formatDuration(everyMinutes * MINUTE_MS)} while pods are watched and stops are carried out.`,
  fails: (why: string) => `The dead-man’s switch wasn’t reached: ${why}`,
  works: 'The dead-man’s switch is reached again.',
} as const
