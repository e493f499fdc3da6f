import type { ChannelKind } from '../../src/core/channels/channel'
import type { SeenMessage } from '../../test/harness/channels/services'

/** An alert that the program takes for delivered. */
export interface Told {
  readonly token: string
  readonly atMs: number
}

interface ServiceStory {
  readonly kind: ChannelKind
  /** What the service has, in order. */
  readonly seen: readonly SeenMessage[]
  readonly alerts: readonly { readonly token: string; readonly isCritical: boolean; readonly name: string }[]
  /** One for each crash, and one for each reply that was lost. */
  readonly maxDuplicates: number
}

/** Judges by what a service has, and by what was to be said: nothing of the program's own records counts. */
export function judgeService({ kind, seen, alerts, maxDuplicates }: ServiceStory): {
  readonly duplicates: number
  readonly problems: readonly string[]
} {
  const problems: string[] = []
  const starts = new Map<string, number>()
  const ends = new Set<string>()
  let duplicates = 0
  for (const message of seen) {
    const found = kind === 'webhook' ? webhookTokens(message) : startsOf(message)
    // One message that repeats several alerts is one duplicate.
    if (found.some(({ token, isEnd }) => (isEnd ? ends.has(token) : starts.has(token)))) duplicates += 1
    for (const { token, isEnd } of found) {
      if (isEnd) ends.add(token)
      else starts.set(token, (starts.get(token) ?? 0) + 1)
    }
  }
  for (const { token, isCritical } of alerts) {
    const hasStart = starts.has(token)
    // A group shows only some of the names, so only a webhook tells of each alert that is not critical.
    if (!hasStart && (isCritical || (kind === 'webhook' && !ends.has(token))))
      problems.push(`${kind}: ${token} is lost`)
    if (kind === 'webhook' && !ends.has(token)) problems.push(`${kind}: the end of ${token} is lost`)
  }
  if (duplicates > maxDuplicates)
    problems.push(`${kind}: ${duplicates} duplicates, and ${maxDuplicates} can be explained`)
  return { duplicates, problems }
}

interface FoundToken {
  readonly token: string
  readonly isEnd: boolean
}

const startsOf = ({ text }: SeenMessage): readonly FoundToken[] =>
  [...new Set(text.match(/token\d+/g) ?? [])].map((token) => ({ token, isEnd: false }))

interface WebhookAlert {
  readonly status: string
  readonly annotations: { readonly summary: string }
}

const webhookTokens = ({ payload }: SeenMessage): readonly FoundToken[] =>
  (payload.alerts as readonly WebhookAlert[]).map(({ status, annotations }) => ({
    token: /token\d+/.exec(annotations.summary)?.[0] ?? 'none',
    isEnd: status === 'resolved',
  }))
