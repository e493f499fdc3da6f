import { experimentProblem, newExperimentSchema, settingsSchema } from './api-schemas'
import { after, type ApiReply, errorReply, NOT_OFFERED, toReply } from './api-types'
import { pageOf, readJsonBody, noAccess, withLab } from './api-input'
import type { ApiHandler } from './pod-routes'

export const listLabs: ApiHandler = ({ query, backend, hasPages }) => {
  const items = backend.labs().map((lab) => ({ id: lab.id, body: backend.labBody(lab) }))
  const page = pageOf(items, query, hasPages)
  if ('problem' in page) return errorReply(400, page.problem)
  return { kind: 'list', name: 'labs', items: page.items, page: page.meta }
}

export const labCosts: ApiHandler = withLab((lab, { backend }) =>
  after(backend.costs(lab), (value) => ({ kind: 'plain', value })),
)

/** Settings are addressed by the lab's slug. */
export const changeLabSettings: ApiHandler = ({ id: slug, body, backend }) => {
  const lab = backend.findLabBySlug(slug)
  if (lab === null) return errorReply(404, 'Lab not found')
  if (!backend.canAccess(lab)) return noAccess()
  const read = readJsonBody(settingsSchema, body)
  if (!read.ok) return errorReply(400, read.error)
  if (Object.keys(read.value).length === 0)
    return errorReply(400, 'idleAlertMinutes or autoScheduleEnabled is required')
  return after(backend.changeSettings(lab, read.value), (outcome) => toReply('settings', outcome))
}

export const listExperiments: ApiHandler = withLab((lab, { query, backend, hasPages }) =>
  after(backend.experiments(lab), (items): ApiReply => {
    const page = pageOf(items, query, hasPages)
    if ('problem' in page) return errorReply(400, page.problem)
    return { kind: 'list', name: 'experiments', items: page.items, page: page.meta }
  }),
)

export const addExperiment: ApiHandler = ({ body, backend }) => {
  const read = readJsonBody(newExperimentSchema, body)
  if (!read.ok) return errorReply(400, read.error)
  const problem = experimentProblem(read.value)
  if (problem !== null) return errorReply(400, problem)
  const lab = backend.findLab(read.value.labId)
  if (lab === null || !backend.canAccess(lab)) return noAccess()
  return after(backend.addExperiment?.(lab, read.value) ?? NOT_OFFERED, (outcome) =>
    toReply('experiment', outcome),
  )
}

export const cancelExperiment: ApiHandler = ({ id, backend }) =>
  after(backend.cancelExperiment?.(id) ?? NOT_OFFERED, (outcome) => toReply('experiment', outcome))

export const experimentLog: ApiHandler = ({ id, backend }) =>
  after(backend.experimentLog?.(id) ?? NOT_OFFERED, (outcome) => toReply('log', outcome))

export const confirmationStatus: ApiHandler = ({ id, backend }) =>
  after(backend.confirmation?.(id) ?? NOT_OFFERED, (outcome) => toReply('confirmation', outcome))

const MAX_ACTIVITY = 200
const DEFAULT_ACTIVITY = 50

export const listActivity: ApiHandler = withLab((lab, { query, backend }) => {
  const limit = query.has('limit') ? Number(query.get('limit')) : DEFAULT_ACTIVITY
  if (!Number.isInteger(limit) || limit < 1) return errorReply(400, 'limit must be a whole number from 1 on')
  return after(backend.activity(lab), (activity) => {
    const recent = activity.slice(0, MAX_ACTIVITY)
    return { kind: 'plain', value: { activity: recent.slice(0, limit), total: recent.length } }
  })
})
