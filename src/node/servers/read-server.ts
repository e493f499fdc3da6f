import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import { labSchema, podSchema } from '../../core/pods-api/api-schemas'
import type { ServedNextStop } from '../../core/guard/served-next-stop'
import type { ServerPodRules, ServerRules } from '../../core/view/window/server-rules'
import type { askServer } from './server-client'
import { serversText } from './servers-text'
import type { AccountServer, ServerAccess } from './servers-file'

/** `isReached`: it answered, and refused or sent what can't be read. The message is a clause. */
export interface ReadFailure {
  readonly isReached: boolean
  /** See `ServerFailure`. */
  readonly isUntrusted: boolean
  readonly message: string
}

/** A list is read to this length. */
const MAX_PAGES = 20
const PAGE = 100

const pageMetaSchema = v.object({ next_cursor: v.nullable(v.string()) })
const labsSchema = v.array(v.pick(labSchema, ['id', 'autoStop']))
const podsSchema = v.array(v.pick(podSchema, ['_id', 'runpodPodId', 'rules', 'nextStop']))

type Send = typeof askServer

async function readList<T>(
  server: ServerAccess,
  path: string,
  schema: v.GenericSchema<unknown, readonly T[]>,
  send: Send,
): Promise<Result<readonly T[], ReadFailure>> {
  const all: T[] = []
  let cursor: string | null = null
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rest: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const reply = await send(server, { method: 'GET', path: `${path}limit=${PAGE}${rest}` })
    if (!reply.ok)
      return fail({
        isReached: false,
        isUntrusted: reply.error.isUntrusted === true,
        message: reply.error.message,
      })
    const { problem, data, meta } = reply.value
    if (problem !== null) return fail({ isReached: true, isUntrusted: false, message: problem })
    const read = v.safeParse(schema, data)
    if (!read.success) return fail({ isReached: true, isUntrusted: false, message: serversText.badReply })
    all.push(...read.output)
    const more = v.safeParse(pageMetaSchema, meta)
    cursor = more.success ? more.output.next_cursor : null
    if (cursor === null) break
  }
  return ok(all)
}

/** The accounts that the server shows to the token. */
const readLabs = (server: ServerAccess, send: Send): ReturnType<typeof readList<ServerLab>> =>
  readList(server, '/api/v1/labs?', labsSchema, send)
type ServerLab = v.InferOutput<typeof labsSchema>[number]

/** Pods of such an account. */
const readPods = (server: ServerAccess, labId: string, send: Send): ReturnType<typeof readList<ServerPod>> =>
  readList(server, `/api/v1/pods?labId=${encodeURIComponent(labId)}&`, podsSchema, send)
type ServerPod = v.InferOutput<typeof podsSchema>[number]

/** By which a pod is known here: its id at the cloud, or in a lab. */
const idsOf = ({ _id, runpodPodId }: Pick<ServerPod, '_id' | 'runpodPodId'>): readonly string[] =>
  runpodPodId === undefined ? [_id] : [_id, runpodPodId]

/** Null: the server could not read the account. */
export async function readServerRules(
  server: AccountServer,
  send: Send,
): Promise<Result<ServerRules | null, ReadFailure>> {
  const labs = await readLabs(server, send)
  if (!labs.ok) return labs
  const autoStop = labs.value.find(({ id }) => id === server.labId)?.autoStop
  const pods = await readPods(server, server.labId, send)
  if (!pods.ok) return pods
  if (autoStop === undefined) return ok(null)
  const rules = pods.value.flatMap((pod) =>
    pod.rules === undefined
      ? []
      : idsOf(pod).map((id): [string, ServerPodRules] => [id, pod.rules as ServerPodRules]),
  )
  const stops = pods.value.flatMap(({ nextStop, ...pod }) =>
    nextStop === undefined ? [] : idsOf(pod).map((id): [string, ServedNextStop] => [id, nextStop]),
  )
  return ok({ autoStop, pods: new Map(rules), stops: new Map(stops) })
}

/** Which account of the server has one of these pods; null: none that it shows. */
export async function findServerLab(
  server: ServerAccess,
  podIds: ReadonlySet<string>,
  send: Send,
): Promise<Result<string | null, ReadFailure>> {
  const labs = await readLabs(server, send)
  if (!labs.ok) return labs
  for (const { id } of labs.value) {
    const pods = await readPods(server, id, send)
    if (!pods.ok) return pods
    if (pods.value.some((pod) => idsOf(pod).some((each) => podIds.has(each)))) return ok(id)
  }
  return ok(null)
}
