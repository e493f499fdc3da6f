import * as v from 'valibot'
import type { Reply } from '../http/reply'
import type { Lab } from '../labs/labs'
import { hasPages } from './hubify-reply'
import { readLabBody } from './json-body'
import { labCosts } from './lab-costs'
import { pageOf } from './pages'
import { type HubifyCall, type HubifyRoute, noAccess, withLab } from './route'

export const labRoutes: readonly HubifyRoute[] = [
  { method: 'GET', path: '/labs', scope: 'labs:read', handle: listLabs },
  {
    method: 'PATCH',
    path: '/labs/:id/settings',
    scope: 'labs:write',
    isPlanned: true,
    handle: changeSettings,
  },
  {
    method: 'GET',
    path: '/costs',
    scope: 'labs:read',
    handle: withLab((lab, { labs, world, reply }) =>
      reply.plain(labCosts(lab, labs.pods(lab.id), labs.experiments(lab.id), world)),
    ),
  },
  { method: 'GET', path: '/experiments', scope: 'experiments:read', handle: withLab(listExperiments) },
  { method: 'GET', path: '/activity', scope: 'labs:read', handle: withLab(listActivity) },
]

function listLabs({ query, labs, world, behavior, canAccess, reply }: HubifyCall): Reply {
  const accessible = labs.list().filter(canAccess)
  const page = pageOf(accessible, query, ({ id }) => id)
  if ('problem' in page) return reply.error(400, page.problem)
  const shown = hasPages(behavior) ? page.items : accessible
  return reply.list(
    'labs',
    shown.map(({ id, name, slug, template, visibility, createdAtMs }) => ({
      id,
      name,
      slug,
      template,
      visibility,
      experiment_count: labs.experiments(id).length,
      agent_count: 0,
      created_at: new Date(world.time.toWallMs(createdAtMs)).toISOString(),
    })),
    page.meta,
  )
}

function listExperiments(lab: Lab, { query, labs, world, behavior, reply }: HubifyCall): Reply {
  const experiments = labs.experiments(lab.id)
  const page = pageOf(experiments, query, ({ documentId }) => documentId)
  if ('problem' in page) return reply.error(400, page.problem)
  const shown = hasPages(behavior) ? page.items : experiments
  return reply.list(
    'experiments',
    shown.map((experiment) => ({
      _id: experiment.documentId,
      labId: lab.id,
      experimentId: experiment.experimentId,
      title: experiment.title,
      status: experiment.status,
      computeMode: experiment.computeMode,
      priority: experiment.priority,
      estimatedSeconds: experiment.estimatedSeconds,
      createdAt: Math.round(world.time.toWallMs(experiment.createdAtMs)),
    })),
    page.meta,
  )
}

const MAX_ACTIVITY = 200
const DEFAULT_ACTIVITY = 50

function listActivity(lab: Lab, { query, labs, world, reply }: HubifyCall): Reply {
  const limit = query.has('limit') ? Number(query.get('limit')) : DEFAULT_ACTIVITY
  if (!Number.isInteger(limit) || limit < 1) return reply.error(400, 'limit must be a whole number from 1 on')
  const activity = labs.activity(lab.id).slice(0, MAX_ACTIVITY)
  return reply.plain({
    activity: activity.slice(0, limit).map(({ documentId, atMs, ...entry }) => ({
      _id: documentId,
      labId: lab.id,
      ...entry,
      createdAt: Math.round(world.time.toWallMs(atMs)),
    })),
    total: activity.length,
  })
}

const settingsBody = v.pipe(
  v.object({
    idleAlertMinutes: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    autoScheduleEnabled: v.exactOptional(v.boolean()),
  }),
  v.check(
    (changes) => Object.keys(changes).length > 0,
    'idleAlertMinutes or autoScheduleEnabled is required',
  ),
)

/** Settings are addressed by the lab's slug. */
function changeSettings(routeCall: HubifyCall): Reply {
  const { id: slug, body, labs, reply } = routeCall
  const lab = labs.findBySlug(slug)
  if (lab === null) return reply.error(404, 'Lab not found')
  if (!routeCall.canAccess(lab)) return noAccess(routeCall)
  const read = readLabBody(settingsBody, body)
  if (!read.ok) return reply.error(400, read.problem)
  return reply.object('settings', { labId: lab.id, slug, ...labs.changeSettings(lab.id, read.value) })
}
