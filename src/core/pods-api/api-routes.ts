import {
  activitySchema,
  confirmationSchema,
  costsSchema,
  createSchema,
  experimentLogSchema,
  experimentSchema,
  keepOnSchema,
  labSchema,
  labSettingsSchema,
  monthCostsSchema,
  newExperimentSchema,
  podSchema,
  settingsSchema,
  sshSchema,
} from './api-schemas'
import type { ApiParameter, ApiRoute } from './api-route'
import { apiPodStatuses } from './api-types'
import {
  addExperiment,
  cancelExperiment,
  changeLabSettings,
  confirmationStatus,
  experimentLog,
  labCosts,
  listActivity,
  listExperiments,
  listLabs,
} from './lab-routes'
import {
  createPod,
  keepPodOn,
  listPods,
  monthCosts,
  podAction,
  podDetail,
  podSsh,
  restartPod,
} from './pod-routes'

/** Everything of the API is below this path. */
export const API_PREFIX = '/api/v1'

const lab: ApiParameter = { name: 'labId', isRequired: true, description: 'Id, slug or name of a lab.' }
const limit = { type: 'integer', minimum: 1 }
const pages: readonly ApiParameter[] = [
  { name: 'limit', description: 'Items of a page, 20 by default and 100 at most.', schema: limit },
  { name: 'cursor', description: 'next_cursor of the page before.' },
]
const pod = { form: 'object', name: 'Pod', schema: podSchema, statuses: [200, 202] } as const
const experiment = {
  form: 'object',
  name: 'Experiment',
  schema: experimentSchema,
  statuses: [200],
} as const

/** A path that several routes match belongs to the first. */
export const apiRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/pods',
    scope: 'pods:read',
    isForSomePods: true,
    handle: listPods,
    summary: 'Lists the pods of a lab, the newest first.',
    query: [
      lab,
      { name: 'status', description: 'Only these.', schema: { type: 'string', enum: apiPodStatuses } },
      ...pages,
    ],
    reply: { form: 'list', name: 'Pod', schema: podSchema, statuses: [200] },
  },
  {
    method: 'POST',
    path: '/pods',
    scope: 'pods:write',
    isPlanned: true,
    handle: createPod,
    summary: 'Creates a pod within the price limit of the token or of the request.',
    body: { name: 'NewPod', schema: createSchema },
    reply: { ...pod, statuses: [201, 202] },
  },
  {
    method: 'GET',
    path: '/pods/costs',
    scope: 'pods:read',
    isPlanned: true,
    handle: monthCosts,
    summary: 'What the pods of a lab cost in a month, in UTC.',
    query: [
      lab,
      {
        name: 'month',
        description: 'current, or such as 2026-11.',
        schema: { type: 'string', pattern: String.raw`^(current|\d{4}-(0[1-9]|1[0-2]))$` },
      },
    ],
    reply: { form: 'object', name: 'MonthCosts', schema: monthCostsSchema, statuses: [200] },
  },
  {
    method: 'GET',
    path: '/pods/:id',
    scope: 'pods:read',
    isForSomePods: true,
    isPlanned: true,
    handle: podDetail,
    summary: 'Shows a pod with utilization, memory and idle time.',
    reply: { ...pod, statuses: [200] },
  },
  {
    method: 'POST',
    path: '/pods/:id/start',
    scope: 'pods:write',
    isForSomePods: true,
    handle: podAction('start'),
    summary: 'Starts a stopped pod.',
    reply: pod,
  },
  {
    method: 'POST',
    path: '/pods/:id/stop',
    scope: 'pods:operate',
    isForSomePods: true,
    handle: podAction('stop'),
    summary: 'Stops a running pod. Its persistent volume stays.',
    reply: pod,
  },
  {
    method: 'POST',
    path: '/pods/:id/keep-running',
    scope: 'pods:operate',
    isForSomePods: true,
    isOwn: true,
    handle: keepPodOn,
    summary: 'Holds automatic stops of a pod for a while, or ends that.',
    body: { name: 'KeepRunning', schema: keepOnSchema },
    reply: { ...pod, statuses: [200] },
  },
  {
    method: 'POST',
    path: '/pods/:id/restart',
    scope: 'pods:write',
    isForSomePods: true,
    isPlanned: true,
    handle: restartPod,
    summary: 'Starts a stopped pod again with the same configuration.',
    reply: pod,
  },
  {
    method: 'POST',
    path: '/pods/:id/terminate',
    scope: 'pods:terminate',
    isForSomePods: true,
    isPlanned: true,
    handle: podAction('terminate'),
    summary: 'Asks to terminate a pod. A person has to confirm it.',
    reply: { ...pod, statuses: [202, 200] },
  },
  {
    method: 'GET',
    path: '/pods/:id/ssh',
    scope: 'pods:read',
    isForSomePods: true,
    isPlanned: true,
    handle: podSsh,
    summary: 'Says where a running pod accepts SSH.',
    reply: { form: 'object', name: 'Ssh', schema: sshSchema, statuses: [200] },
  },
  {
    method: 'GET',
    path: '/labs',
    scope: 'labs:read',
    isForSomePods: true,
    handle: listLabs,
    summary: 'Lists the labs.',
    query: pages,
    reply: { form: 'list', name: 'Lab', schema: labSchema, statuses: [200] },
  },
  {
    method: 'PATCH',
    path: '/labs/:id/settings',
    scope: 'labs:write',
    isPlanned: true,
    handle: changeLabSettings,
    summary: 'Changes when idle pods are reported, and whether jobs start automatically.',
    body: { name: 'NewLabSettings', schema: settingsSchema },
    reply: { form: 'object', name: 'LabSettings', schema: labSettingsSchema, statuses: [200] },
  },
  {
    method: 'GET',
    path: '/costs',
    scope: 'labs:read',
    handle: labCosts,
    summary: 'What a lab cost this month.',
    query: [lab],
    reply: { form: 'plain', name: 'Costs', schema: costsSchema, statuses: [200] },
  },
  {
    method: 'GET',
    path: '/experiments',
    scope: 'experiments:read',
    handle: listExperiments,
    summary: 'Lists the experiments of a lab, the newest first.',
    query: [lab, ...pages],
    reply: { form: 'list', name: 'Experiment', schema: experimentSchema, statuses: [200] },
  },
  {
    method: 'POST',
    path: '/experiments',
    scope: 'experiments:write',
    isOwn: true,
    handle: addExperiment,
    summary: 'Adds a job to the queue.',
    body: { name: 'NewExperiment', schema: newExperimentSchema },
    reply: { ...experiment, statuses: [201] },
  },
  {
    method: 'POST',
    path: '/experiments/:id/cancel',
    scope: 'experiments:write',
    isOwn: true,
    handle: cancelExperiment,
    summary: 'Cancels a job.',
    reply: experiment,
  },
  {
    method: 'GET',
    path: '/experiments/:id/logs',
    scope: 'experiments:read',
    isOwn: true,
    handle: experimentLog,
    summary: 'The end of what a job printed.',
    reply: { form: 'object', name: 'ExperimentLog', schema: experimentLogSchema, statuses: [200] },
  },
  {
    method: 'GET',
    path: '/activity',
    scope: 'labs:read',
    handle: listActivity,
    summary: 'What happened lately, the newest first.',
    query: [lab, { name: 'limit', description: 'Entries, 50 by default and 200 at most.', schema: limit }],
    reply: { form: 'plain', name: 'Activity', schema: activitySchema, statuses: [200] },
  },
  {
    method: 'GET',
    path: '/confirmations/:id',
    scope: 'pods:read',
    isForSomePods: true,
    isOwn: true,
    handle: confirmationStatus,
    summary: 'Whether a person confirmed what was asked for.',
    reply: { form: 'object', name: 'Confirmation', schema: confirmationSchema, statuses: [200] },
  },
]

const matched = apiRoutes.map((route) => ({
  route,
  pattern: new RegExp(`^${API_PREFIX}${route.path.replace(':id', '([^/]+)')}$`),
}))

/** The route of a request. `methods`: those that exist at its path. */
export function findApiRoute(
  method: string,
  path: string,
  isOffered: (route: ApiRoute) => boolean = () => true,
): { readonly route: ApiRoute; readonly id: string } | { readonly methods: readonly string[] } {
  const here = matched.filter(({ route, pattern }) => pattern.test(path) && isOffered(route))
  const found = here.find(({ route }) => route.method === method)
  const id = tryDecode(found?.pattern.exec(path)?.[1] ?? '')
  // An address that cannot be decoded is none.
  if (id === null) return { methods: [] }
  return found === undefined ? { methods: here.map(({ route }) => route.method) } : { route: found.route, id }
}

/** Null if the encoding is invalid. */
function tryDecode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
