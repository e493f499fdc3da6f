import * as v from 'valibot'
import { parsePaneLayout } from './panes/layout-codec'
import type { PaneLayout } from './panes/pane-layout'
import { MAX_ENDED_SESSIONS, isSessionName } from './kept-session'
import { MAX_TERMINAL_NAME, MAX_TERMINALS } from './terminal'

/* The tabs whose sessions are on pods, as a file keeps them for the next run. */

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
const instantMs = v.nullable(v.pipe(v.number(), v.finite()))

const sessionSchema = v.object({
  accountId: id,
  podId: id,
  /** See `isSessionName`. */
  session: v.pipe(v.string(), v.check(isSessionName)),
})

const tabSchema = v.object({
  ...sessionSchema.entries,
  podName: v.pipe(v.string(), v.maxLength(500)),
  name: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TERMINAL_NAME))),
  /** Whether it was attached to the session before. */
  wasOpen: v.boolean(),
  /** When the pod had started then, Unix ms. */
  podStartedAtMs: instantMs,
  /** What ran in it when it was last seen; null: nothing. */
  command: v.nullable(v.pipe(v.string(), v.maxLength(100))),
  /** Whether a person asked to be notified when what runs in it ends. */
  isCommandWatched: v.boolean(),
})

export type RememberedTab = v.InferOutput<typeof tabSchema>
export type SessionOfPod = v.InferOutput<typeof sessionSchema>

export interface RememberedTabs {
  /** In tab order. */
  readonly tabs: readonly RememberedTab[]
  /** Of tabs with several panes; each pane is a session, in one layout. */
  readonly layouts: readonly PaneLayout[]
  /** Sessions that their owner closed, and that are not known to be over. */
  readonly ended: readonly SessionOfPod[]
}

export const noRememberedTabs: RememberedTabs = { tabs: [], layouts: [], ended: [] }

const fileSchema = v.object({
  version: v.literal(1),
  tabs: v.array(v.unknown()),
  layouts: v.array(v.unknown()),
  ended: v.array(v.unknown()),
})

/** Parses the content of the file. Null: it is damaged. Entries that can't be read are left out. */
export function parseRememberedTabs(value: unknown): RememberedTabs | null {
  const parsed = v.safeParse(fileSchema, value)
  if (!parsed.success) return null
  const sessions = new Set<string>()
  const isFirst = ({ session }: SessionOfPod): boolean =>
    !sessions.has(session) && sessions.add(session).has(session)
  return {
    tabs: parsed.output.tabs
      .flatMap((one) => valid(tabSchema, one))
      .filter(isFirst)
      .slice(0, MAX_TERMINALS),
    layouts: parsed.output.layouts
      .slice(0, MAX_TERMINALS)
      .flatMap((one) => parsePaneLayout(one, isSessionName) ?? []),
    ended: parsed.output.ended
      .flatMap((one) => valid(sessionSchema, one))
      .filter(isFirst)
      .slice(-MAX_ENDED_SESSIONS),
  }
}

function valid<T>(schema: v.GenericSchema<unknown, T>, value: unknown): readonly T[] {
  const parsed = v.safeParse(schema, value)
  return parsed.success ? [parsed.output] : []
}
