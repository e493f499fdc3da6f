import { createProblem, createSchema, guardWishSchema, keepOnSchema, newPodRulesSchema } from './api-schemas'
import {
  after,
  apiPodStatuses,
  type ApiCall,
  type ApiLab,
  type ApiPod,
  type ApiPodAction,
  type ApiReply,
  errorReply,
  NOT_OFFERED,
  type MaybePromise,
  objectReply,
  toReply,
} from './api-types'
import { pageOf, readJsonBody, noAccess, withLab } from './api-input'

export type ApiHandler = (call: ApiCall) => MaybePromise<ApiReply>

export const listPods: ApiHandler = withLab((lab, { query, backend, hasPages }) => {
  const wanted = query.get('status')
  if (wanted !== null && !apiPodStatuses.some((status) => status === wanted))
    return errorReply(400, `status must be one of ${apiPodStatuses.join(', ')}`)
  const pods = backend.pods(lab).filter(({ status }) => wanted === null || status === wanted)
  const items = pods.map((pod) => ({
    id: pod.id,
    // Only those of the page are made.
    get body() {
      return pod.body(false)
    },
  }))
  const page = pageOf(items, query, hasPages)
  if ('problem' in page) return errorReply(400, page.problem)
  return { kind: 'list', name: 'pods', items: page.items, page: page.meta }
})

/** What it costs is limited by the backend. */
export const createPod: ApiHandler = ({ body, backend }) => {
  const read = readJsonBody(createSchema, body)
  if (!read.ok) return errorReply(400, read.error)
  const problem = createProblem(read.value)
  if (problem !== null) return errorReply(400, problem)
  const lab = backend.findLab(read.value.labId)
  if (lab === null || !backend.canAccess(lab)) return noAccess()
  return after(backend.create(lab, read.value), (outcome) => toReply('pod', outcome))
}

export const monthCosts: ApiHandler = withLab((lab, { query, backend }) =>
  after(backend.monthCosts(lab, query.get('month') ?? 'current'), (costs) =>
    costs === null
      ? errorReply(400, 'month must be "current" or such as "2026-11"')
      : objectReply('costs', costs),
  ),
)

export const podDetail: ApiHandler = withPod((pod) => objectReply('pod', pod.body(true)))

export const podAction = (action: ApiPodAction): ApiHandler =>
  withPod((pod, { backend }) => after(backend.act(pod, action), (outcome) => toReply('pod', outcome)))

export const keepPodOn: ApiHandler = withPod((pod, { body, backend }) => {
  const read = readJsonBody(keepOnSchema, body)
  if (!read.ok) return errorReply(400, read.error)
  return after(backend.keepOn?.(pod, read.value.for) ?? NOT_OFFERED, (outcome) => toReply('pod', outcome))
})

export const podRules: ApiHandler = withPod((pod, { backend }) =>
  after(backend.podRules?.(pod) ?? NOT_OFFERED, (outcome) => toReply('rules', outcome)),
)

export const changePodRules: ApiHandler = withPod((pod, { body, backend }) => {
  const read = readJsonBody(newPodRulesSchema, body)
  if (!read.ok) return errorReply(400, read.error)
  return after(backend.changePodRules?.(pod, read.value) ?? NOT_OFFERED, (outcome) =>
    toReply('rules', outcome),
  )
})

export const podGuard: ApiHandler = withPod((pod, { backend }) =>
  after(backend.podGuard?.(pod) ?? NOT_OFFERED, (outcome) => toReply('guard', outcome)),
)

export const changePodGuard: ApiHandler = withPod((pod, { body, backend }) => {
  const read = readJsonBody(guardWishSchema, body)
  if (!read.ok) return errorReply(400, read.error)
  return after(backend.changePodGuard?.(pod, read.value.guard) ?? NOT_OFFERED, (outcome) =>
    toReply('guard', outcome),
  )
})

/** By the page it restarts a stopped pod, which is a start. */
export const restartPod: ApiHandler = withPod((pod, call) =>
  pod.status === 'stopped' || pod.status === 'terminated'
    ? podAction('start')(call)
    : errorReply(409, `Cannot restart a pod that is ${pod.status}`),
)

export const podSsh: ApiHandler = withPod((pod, { backend }) => {
  const ssh = pod.status === 'running' ? backend.ssh(pod) : null
  if (ssh === null) return errorReply(409, 'SSH is available once the pod is running')
  const { host, port, username } = ssh
  return objectReply('ssh', { host, port, username, command: `ssh ${username}@${host} -p ${port}` })
})

/** Replies with the pod of the path: 404 if there is none, and 403 if the caller may not access its lab. */
function withPod(answer: (pod: ApiPod, call: ApiCall, lab: ApiLab) => MaybePromise<ApiReply>): ApiHandler {
  return (call) => {
    const pod = call.backend.findPod(call.id)
    const lab = pod && call.backend.findLab(pod.labId)
    if (pod === null || lab === null) return errorReply(404, 'Pod not found')
    return call.backend.canAccess(lab) ? answer(pod, call, lab) : noAccess()
  }
}
