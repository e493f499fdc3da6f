import { formatClock } from '../base/text/format'
import { parseStopTime, weekdays } from './stop-time'

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** "at 8:00 PM", "on weekdays at 8:00 PM", "on Friday and Saturday at 8:00 PM (Europe/Berlin)". */
export function describeStopTime(text: string, ownTimeZone?: string): string {
  const stopTime = parseStopTime(text)
  if (stopTime === null) return `at ${text}`
  const { minutes, days, timeZone } = stopTime
  const clock = formatClock(`${Math.floor(minutes / 60)}:${minutes % 60}`)
  const zone = timeZone === null || timeZone === ownTimeZone ? '' : ` (${timeZone})`
  return `${daysPhrase(days)}at ${clock}${zone}`
}

function daysPhrase(days: readonly number[]): string {
  if (days.length === weekdays.length) return ''
  if (days.join() === '1,2,3,4,5') return 'on weekdays '
  if (days.join() === '0,6') return 'on weekends '
  const names = days.map((day) => dayNames[day])
  return `on ${[names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')} `
}
