import type { Reply } from '../http/reply'
import { type LabPodState, labPodStatuses } from '../labs/lab-pod'
import { directSshOf } from '../world/api-pod'
import { apiLabPod } from './api-lab-pod'
import { handleCreateLabPod } from './create-lab-pod'
import { hasPages } from './hubify-reply'
import { monthlyPodCosts } from './lab-costs'
import { pageOf } from './pages'
import { type HubifyCall, type HubifyRoute, withLab, withPod } from './route'

export const labPodRoutes: readonly HubifyRoute[] = [
  { method: 'GET', path: '/pods', scope: 'pods:read', handle: withLab((lab, call) => list(lab.id, call)) },
  { method: 'POST', path: '/pods', scope: 'pods:write', isPlanned: true, handle: handleCreateLabPod },
  // Before the route of a pod, whose path it matches.
  {
    method: 'GET',
    path: '/pods/costs',
    scope: 'pods:read',
    isPlanned: true,
    handle: withLab((lab, { query, labs, world, reply }) => {
      const costs = monthlyPodCosts(query.get('month') ?? 'current', labs.pods(lab.id), world)
      return costs === null
        ? reply.error(400, 'month must be "current" or such as "2026-11"')
        : reply.object('costs', costs)
    }),
  },
  {
    method: 'GET',
    path: '/pods/:id',
    scope: 'pods:read',
    isPlanned: true,
    handle: withPod((state, _lab, call) => podReply(state, call, true)),
  },
  { method: 'POST', path: '/pods/:id/start', scope: 'pods:write', handle: action('start') },
  { method: 'POST', path: '/pods/:id/stop', scope: 'pods:write', handle: action('stop') },
  {
    method: 'POST',
    path: '/pods/:id/restart',
    scope: 'pods:write',
    isPlanned: true,
    // By the page it restarts a stopped pod, which is a start.
    handle: withPod((state, lab, call) =>
      state.status === 'stopped' || state.status === 'terminated'
        ? action('start')(call)
        : call.reply.error(409, `Cannot restart a pod of ${lab.slug} that is ${state.status}`),
    ),
  },
  {
    method: 'POST',
    path: '/pods/:id/terminate',
    scope: 'pods:write',
    isPlanned: true,
    handle: action('terminate'),
  },
  { method: 'GET', path: '/pods/:id/ssh', scope: 'pods:read', isPlanned: true, handle: withPod(ssh) },
]

const podReply = (state: LabPodState, { world, behavior, reply }: HubifyCall, isDetail = false): Reply =>
  reply.object('pod', apiLabPod(state, world, behavior, isDetail))

function action(name: 'start' | 'stop' | 'terminate'): HubifyRoute['handle'] {
  return withPod((state, _lab, call) => {
    const isDone = call.fault?.kind !== 'accepted-not-done'
    const refusal = isDone ? call.labs.act(state.pod.documentId, name) : null
    if (refusal !== null) return call.reply.error(refusal.status, refusal.detail)
    return podReply(call.labs.findPod(state.pod.documentId) ?? state, call)
  })
}

function list(labId: string, call: HubifyCall): Reply {
  const { query, fault, labs, world, behavior, reply } = call
  const wanted = query.get('status')
  if (wanted !== null && !labPodStatuses.some((status) => status === wanted)) {
    return reply.error(400, `status must be one of ${labPodStatuses.join(', ')}`)
  }
  const hidden = fault?.kind === 'list-without' ? fault.withoutPodId : undefined
  const pods = (fault?.kind === 'empty-list' ? [] : labs.pods(labId)).filter(
    ({ status, pod }) =>
      (wanted === null || status === wanted) && pod.documentId !== hidden && pod.podId !== hidden,
  )
  const page = pageOf(pods, query, ({ pod }) => pod.documentId)
  if ('problem' in page) return reply.error(400, page.problem)
  const shown = hasPages(behavior) ? page.items : pods
  return reply.list(
    'pods',
    shown.map((state) => apiLabPod(state, world, behavior, false)),
    page.meta,
  )
}

function ssh(state: LabPodState, _lab: unknown, { world, reply }: HubifyCall): Reply {
  const address = state.status === 'running' ? directSshOf(state.record, world.view()) : null
  if (address === null) return reply.error(409, 'SSH is available once the pod is running')
  const { host, port } = address
  return reply.object('ssh', { host, port, username: 'root', command: `ssh root@${host} -p ${port}` })
}
