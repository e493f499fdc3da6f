/** Something that happened, as `GET /events` sends it. */
export interface ApiEvent {
  /** Increases with each event. */
  readonly seq: number
  readonly type: 'pod' | 'verdict' | 'alert' | 'action' | 'connection'
  /** Whose account it is about; only callers that may access it get it. Null: all accounts together. */
  readonly accountId: string | null
  readonly data: Readonly<Record<string, unknown>>
}

export type NewApiEvent = Omit<ApiEvent, 'seq'>

/** The latest events, so that a client that was away gets what it missed. */
export interface EventLog {
  add(events: readonly NewApiEvent[]): void
  /** Those after `lastId`. Null: some of them are gone, or the id is of another run. */
  since(lastId: string | null): readonly ApiEvent[] | null
  idOf(event: ApiEvent): string
  /** The id after which nothing happened yet. */
  latestId(): string
  /** Returns what removes the listener. */
  onEvents(listener: (events: readonly ApiEvent[]) => void): () => void
}

const MAX_EVENTS = 2_000

/** `runId`: letters and digits that tell this run from earlier ones. */
export function createEventLog(runId: string): EventLog {
  let events: readonly ApiEvent[] = []
  let lastSeq = 0
  const listeners = new Set<(events: readonly ApiEvent[]) => void>()
  const idAt = (seq: number): string => `${runId}-${seq}`
  return {
    add(added) {
      if (added.length === 0) return
      const numbered = added.map((event) => ({ ...event, seq: (lastSeq += 1) }))
      events = [...events, ...numbered].slice(-MAX_EVENTS)
      for (const listener of listeners) listener(numbered)
    },
    since(lastId) {
      if (lastId === null) return []
      const [run, text = ''] = [lastId.slice(0, lastId.lastIndexOf('-')), lastId.split('-').at(-1)]
      const seq = /^\d{1,15}$/.test(text) ? Number(text) : -1
      if (run !== runId || seq < 0 || seq > lastSeq) return null
      const missed = events.filter((event) => event.seq > seq)
      return missed.length === lastSeq - seq ? missed : null
    },
    idOf: ({ seq }) => idAt(seq),
    latestId: () => idAt(lastSeq),
    onEvents(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
