import { onTestFinished } from 'vitest'
import { json, problem, type ReceivedRequest, type ScriptedReply, startHttpServer } from '../http/http-server'
import { samplePod } from '../../providers/runpod/sample-pod'

export const KEY = 'rpa_SAMPLEKEYOFNOBODY0123456789'

/** A request in short: "POST /pods/a/action stop", "GET /pods", "POST /graphql". */
export interface ApiRequest {
  readonly line: string
  readonly atMs: number
  readonly key: string | undefined
}

/** An API of a few pods that answers honestly, except where a test says otherwise. */
export interface HostileApi {
  readonly origin: string
  readonly env: Readonly<Record<string, string>>
  readonly requests: readonly ApiRequest[]
  /** The actions that arrived. */
  actions(): readonly string[]
  pod(id: string): Record<string, unknown> | undefined
  /** Carries an action out. */
  perform(id: string, action: string): void
  /**
   * Answers requests whose line matches with `reply` (null: honestly), the latest rule first. `commit`: the action is
   * carried out all the same.
   */
  answer(
    line: RegExp,
    reply: ScriptedReply | ((count: number) => ScriptedReply | null),
    commit?: boolean,
  ): void
}

export async function startHostileApi(podIds: readonly string[]): Promise<HostileApi> {
  const pods = new Map(podIds.map((id) => [id, samplePod({ id, name: id, ports: [], ssh: null })]))
  const requests: ApiRequest[] = []
  const rules: {
    line: RegExp
    reply: (count: number) => ScriptedReply | null
    commit: boolean
    count: number
  }[] = []
  const server = await startHttpServer()
  onTestFinished(() => server.close())

  function perform(id: string, action: string): void {
    const pod = pods.get(id)
    if (pod === undefined) return
    if (action === 'terminate') pods.delete(id)
    else if (action === 'stop')
      Object.assign(pod, { status: 'EXITED', actions: ['start', 'terminate'], runtime: null, cost: 0 })
    else
      Object.assign(pod, {
        status: 'RUNNING',
        actions: ['stop', 'restart', 'terminate'],
        runtime: { uptime: 1 },
        startedAt: new Date().toISOString(),
      })
  }

  function honest(line: string): ScriptedReply {
    const [method, path = '', action] = line.split(' ')
    const [, id] = /^\/pods\/(\w+)/.exec(path) ?? []
    if (path === '/graphql') return json({ data: { myself: { clientBalance: 100, currentSpendPerHr: 5.5 } } })
    if (path === '/pods') return json({ pods: [...pods.values()] })
    if (path === '/network-volumes') return json({ networkVolumes: [] })
    if (path.startsWith('/billing')) return json({ records: [], metadata: {} })
    const pod = id === undefined ? undefined : pods.get(id)
    if (pod === undefined || id === undefined) return problem(404, 'There is no such pod.')
    if (method === 'POST') perform(id, action ?? '')
    return json(pod)
  }

  server.replyWith((request) => {
    const line = lineOf(request)
    requests.push({ line, atMs: performance.now(), key: request.headers.authorization })
    const rule = rules.find((each) => each.line.test(line))
    const reply = rule?.reply((rule.count += 1)) ?? null
    if (rule === undefined || reply === null) return honest(line)
    if (rule.commit) honest(line)
    return reply
  })

  return {
    origin: server.origin,
    env: { RUNPOD_API_KEY: KEY, RUNPOD_API_BASE_URL: `${server.origin}/v2` },
    requests,
    actions: () =>
      requests.flatMap(
        ({ line }) => /^POST \/pods\/(\w+)\/action (\w+)$/.exec(line)?.slice(1).join(' ') ?? [],
      ),
    pod: (id) => pods.get(id),
    perform,
    answer: (line, reply, commit = false) =>
      void rules.unshift({
        line,
        reply: typeof reply === 'function' ? reply : () => reply,
        commit,
        count: 0,
      }),
  }
}

function lineOf({ method, path, body }: ReceivedRequest): string {
  const [plain = ''] = path.replace(/^\/v2/, '').split('?')
  const action: unknown = plain.endsWith('/action')
    ? (JSON.parse(body) as { action?: unknown }).action
    : undefined
  return [method, plain, ...(typeof action === 'string' ? [action] : [])].join(' ')
}
