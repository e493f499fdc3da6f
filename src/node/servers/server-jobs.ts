import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import { plainText } from '../../core/base/text/plain-text'
import { type ApiNewExperiment, experimentLogSchema, experimentSchema } from '../../core/pods-api/api-schemas'
import { jobIdSchema } from '../../core/queue/jobs/job-spec'
import type { AskKeeper, ServerRefusal } from './ask-keeper'
import { type AccountServer, hostOf } from './servers-file'
import { serversText } from './servers-text'

const MAX_TEXT = 300
const line = v.pipe(
  v.string(),
  v.transform((text) => plainText(text).slice(0, MAX_TEXT)),
)
const jobSchema = v.object({
  ...experimentSchema.entries,
  _id: jobIdSchema,
  title: line,
  statusText: v.exactOptional(v.nullable(line)),
})
/** A job of the server's queue, as its API serves it. */
export type ServerJob = v.InferOutput<typeof jobSchema>
export type ServerJobLog = v.InferOutput<typeof experimentLogSchema>

/** The queue of the server that keeps an account. See docs/product-rules.md#166-kept-by-a-server. */
export interface ServerJobs {
  readonly addJob: (job: Omit<ApiNewExperiment, 'labId'>) => Promise<Result<ServerJob, ServerRefusal>>
  /** Of this account, the newest first. */
  readonly jobs: () => Promise<Result<readonly ServerJob[], ServerRefusal>>
  readonly cancelJob: (jobId: string) => Promise<Result<ServerJob, ServerRefusal>>
  readonly jobLog: (jobId: string) => Promise<Result<ServerJobLog, ServerRefusal>>
}

/** A list is read to this length. */
const MAX_PAGES = 20
const PAGE = 100
const pageMetaSchema = v.object({ next_cursor: v.nullable(v.string()) })

export function serverJobs(server: AccountServer, ask: AskKeeper): ServerJobs {
  const host = hostOf(server)
  const labId = encodeURIComponent(server.labId)

  const unreadable = (): Result<never, ServerRefusal> =>
    fail({ code: 'failed', isLost: false, message: serversText.unreadableReply(host) })

  /** A change was made although its reply can't be read. */
  const unclear = (): Result<never, ServerRefusal> =>
    fail({
      code: 'lost',
      isLost: false,
      message: serversText.unclear(host, serversText.badReply, 'queue'),
    })

  async function change(path: string, body?: unknown): Promise<Result<ServerJob, ServerRefusal>> {
    const asked = await ask({ method: 'POST', path, ...(body !== undefined && { body }) }, 'queue')
    if (!asked.ok) return asked
    const read = v.safeParse(jobSchema, asked.value.data)
    return read.success ? ok(read.output) : unclear()
  }

  const jobPath = (jobId: string, route: string): string =>
    `/api/v1/experiments/${encodeURIComponent(jobId)}/${route}`

  return {
    addJob: ({ title, command, computeMode, priority, estimatedSeconds }) =>
      change('/api/v1/experiments', {
        labId: server.labId,
        title,
        command,
        computeMode,
        priority,
        ...(estimatedSeconds !== undefined && { estimatedSeconds }),
      }),
    async jobs() {
      const all: ServerJob[] = []
      let cursor: string | null = null
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const rest: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const path = `/api/v1/experiments?labId=${labId}&limit=${PAGE}${rest}`
        const asked = await ask({ method: 'GET', path }, 'queue')
        if (!asked.ok) return asked
        const read = v.safeParse(v.array(jobSchema), asked.value.data)
        if (!read.success) return unreadable()
        all.push(...read.output)
        const more = v.safeParse(pageMetaSchema, asked.value.meta)
        cursor = more.success ? more.output.next_cursor : null
        if (cursor === null) break
      }
      return ok(all)
    },
    cancelJob: (jobId) => change(jobPath(jobId, 'cancel')),
    async jobLog(jobId) {
      const asked = await ask({ method: 'GET', path: jobPath(jobId, 'logs') }, 'queue')
      if (!asked.ok) return asked
      const read = v.safeParse(experimentLogSchema, asked.value.data)
      return read.success ? ok(read.output) : unreadable()
    },
  }
}
