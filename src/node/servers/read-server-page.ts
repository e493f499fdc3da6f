import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import { plainText } from '../../core/base/text/plain-text'
import type { ServerPageKind, ServerRow } from '../../core/view/window/server-page'
import type { askServer } from './server-client'
import type { AccountServer } from './servers-file'
import { serversText } from './servers-text'

/** What is shown of a server's queue or activity, and the length of a text in it. */
const MAX_ROWS = 100
const MAX_TEXT = 300

const bounded = (text: string): string => plainText(text).slice(0, MAX_TEXT)
const atMs = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15))

const jobsSchema = v.array(
  v.object({
    title: v.string(),
    status: v.string(),
    statusText: v.nullish(v.string()),
    createdAt: atMs,
  }),
)
const activitySchema = v.object({
  activity: v.array(v.object({ message: v.string(), createdAt: atMs, computer: v.optional(v.string()) })),
})

function rowsOf(kind: ServerPageKind, data: unknown): readonly ServerRow[] | null {
  if (kind === 'queue') {
    const read = v.safeParse(jobsSchema, data)
    if (!read.success) return null
    return read.output.slice(0, MAX_ROWS).map(({ title, status, statusText, createdAt }) => ({
      atMs: createdAt,
      text: bounded(title),
      detail: bounded(statusText || status),
    }))
  }
  const read = v.safeParse(activitySchema, data)
  if (!read.success) return null
  return read.output.activity.slice(0, MAX_ROWS).map(({ message, createdAt, computer }) => ({
    atMs: createdAt,
    text: bounded(message),
    detail: computer === undefined ? null : bounded(computer),
  }))
}

/** The newest jobs or entries of the account there, newest first. The error is a clause. */
export async function readServerPage(
  server: AccountServer,
  kind: ServerPageKind,
  send: typeof askServer,
): Promise<Result<readonly ServerRow[], string>> {
  const route = kind === 'queue' ? 'experiments' : 'activity'
  const path = `/api/v1/${route}?labId=${encodeURIComponent(server.labId)}&limit=${MAX_ROWS}`
  const reply = await send(server, { method: 'GET', path })
  if (!reply.ok) return fail(reply.error.message)
  if (reply.value.problem !== null) return fail(reply.value.problem)
  const rows = rowsOf(kind, reply.value.data)
  return rows === null ? fail(serversText.badReply) : ok(rows)
}
