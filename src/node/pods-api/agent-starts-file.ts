import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import { AGENT_STARTS_KEPT_MS, type AgentStart } from '../../core/pods-api/access/standing-limit'
import { changedTo, openSharedFile, sharedFileTexts } from '../data-folder/shared-file'

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
const amount = v.pipe(v.number(), v.finite(), v.gtValue(0))

const startSchema = v.object({
  id,
  agent: id,
  accountId: id,
  podId: v.nullable(id),
  perHourUsd: amount,
  maxHours: v.nullable(amount),
  atMs: v.pipe(v.number(), v.finite()),
}) satisfies v.GenericSchema<unknown, AgentStart>

/** What agents started without asking, in `agent-starts.json`. Errors are sentences. */
export interface AgentStartsFile {
  /** Writes the start down if `isAllowed` by the earlier ones of its agent. False: it isn't. */
  add(start: AgentStart, isAllowed: (earlier: readonly AgentStart[]) => boolean): Result<boolean, string>
  /** Of one agent, of the last 30 days. */
  list(agent: string, nowMs: number): Result<readonly AgentStart[], string>
  /** Which pod it became. Null: none, so that it counts no longer. */
  settle(startId: string, podId: string | null): Result<void, string>
}

export function openAgentStartsFile(folder: string): AgentStartsFile {
  const file = openSharedFile<readonly AgentStart[]>({
    folder,
    name: 'agent-starts.json',
    maxBytes: 4 * 1_024 * 1_024,
    empty: [],
    schema: v.pipe(
      v.object({ version: v.literal(1), starts: v.array(startSchema) }),
      v.transform(({ starts }) => starts),
    ),
    serialize: (starts) => JSON.stringify({ version: 1, starts }),
    texts: sharedFileTexts('starts of agents'),
  })
  // A clock that was set back makes none of them too old.
  const isKept = ({ atMs }: AgentStart, nowMs: number): boolean => nowMs - atMs < AGENT_STARTS_KEPT_MS
  const ofAgent = (starts: readonly AgentStart[], agent: string, nowMs: number): readonly AgentStart[] =>
    starts.filter((one) => one.agent === agent && isKept(one, nowMs))

  return {
    add: (start, isAllowed) =>
      file.change((starts, isDamaged) => {
        // What it started before is not known then.
        if (isDamaged) return fail('The starts of agents can’t be read, so this one needs a person.')
        if (!isAllowed(ofAgent(starts, start.agent, start.atMs))) return ok({ next: starts, result: false })
        return ok({ next: [...starts.filter((one) => isKept(one, start.atMs)), start], result: true })
      }),
    list(agent, nowMs) {
      const loaded = file.load()
      return loaded.ok ? ok(ofAgent(loaded.value, agent, nowMs)) : loaded
    },
    settle: (startId, podId) =>
      file.change((starts) =>
        changedTo(
          podId === null
            ? starts.filter((one) => one.id !== startId)
            : starts.map((one) => (one.id === startId ? { ...one, podId } : one)),
        ),
      ),
  }
}
