import type { Redactor } from './redactor'

const TYPES = ['application/json', 'application/problem+json', 'text/event-stream', 'text/html', 'text/plain']
const WINDOWS = ['burst', 'second', 'minute', 'hour', 'day']
const ITEM = /^"([^"]*)"((?:;[rtqw]=\d{1,9})+)$/

/** The headers that say something of the API itself. All others are left out, with their names. */
export function redactHeaders(
  headers: Readonly<Record<string, string>>,
  redactor: Pick<Redactor, 'time'>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): (readonly [string, string])[] => {
      const kept = redactHeader(name.toLowerCase(), value.trim(), redactor)
      return kept === null ? [] : [[name.toLowerCase(), kept]]
    }),
  )
}

function redactHeader(name: string, value: string, { time }: Pick<Redactor, 'time'>): string | null {
  switch (name) {
    case 'content-type': {
      const type = (value.split(';', 1)[0] ?? '').toLowerCase()
      return TYPES.includes(type) ? type : null
    }
    case 'date':
      return time(value)
    case 'retry-after':
    case 'x-ratelimit-limit':
    case 'x-ratelimit-remaining':
    case 'x-ratelimit-reset':
      return /^\d{1,9}$/.test(value) ? value : null
    case 'ratelimit':
    case 'ratelimit-policy':
      return redactWindows(value)
    default:
      return null
  }
}

/** Items such as `"minute";r=58;t=12`. Names of windows that are not known get a number. */
function redactWindows(value: string): string | null {
  const items = value.split(',').flatMap((item, index) => {
    const [, name, parameters] = ITEM.exec(item.trim()) ?? []
    if (name === undefined || parameters === undefined) return []
    return [`"${WINDOWS.includes(name) ? name : `window-${index + 1}`}"${parameters}`]
  })
  return items.length === 0 ? null : items.join(', ')
}
