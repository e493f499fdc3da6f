import { type TextSetting, toggleSetting } from './setting-types'

export const DEFAULT_API_PORT = 4780

/** The settings of the Pods API that the app serves. See docs/product-rules.md#164-in-the-app. */
export const apiSettings = {
  isPodsApiServed: toggleSetting(
    'pods-api',
    'Serve the Pods API',
    false,
    'To programs of this computer that have a token, while Podkeeper runs',
    'server http rest serve script agent loopback curl',
  ),
  podsApiPort: {
    kind: 'text',
    group: 'pods-api',
    label: 'Pods API port',
    default: null,
    none: String(DEFAULT_API_PORT),
    problem: (text) => (apiPortOf(text) === null ? 'must be a whole number from 1024 to 65535' : null),
    help: 'At 127.0.0.1, which other computers can’t reach',
    keywords: 'address number listen',
  } satisfies TextSetting,
} as const

/** The port that was typed, or the usual one for null; null unless it is one that needs no special rights. */
export function apiPortOf(text: string | null): number | null {
  if (text === null) return DEFAULT_API_PORT
  const port = /^\d{4,5}$/.test(text) ? Number(text) : 0
  return port >= 1_024 && port <= 65_535 ? port : null
}
