import { expect, test } from 'vitest'
import { intentPhases } from '../../../../src/core/intents/intent'
import { emptyQueue } from '../../../../src/core/queue/queue-view'
import { workUnderWay } from '../../../../src/core/view/window/work-under-way'
import { intentView, podView } from '../../../harness/samples/pod-views'
import { jobView } from '../../../harness/samples/queue-views'

const nothing = { pods: [podView({ id: 'a', name: 'llama' })], queue: emptyQueue }
const withIntent = (phase: (typeof intentPhases)[number]) => ({
  ...nothing,
  pods: [podView({ id: 'a', name: 'llama', intent: intentView({ podId: 'a', phase, atMs: 0 }) })],
})

test('an action is under way from its request until it was observed or failed', () => {
  const open = intentPhases.filter((phase) => workUnderWay(withIntent(phase), []).length > 0)
  expect(open).toEqual(['scheduled', 'sent', 'accepted'])
  expect(workUnderWay(withIntent('sent'), [])).toEqual([{ kind: 'action', name: 'llama' }])
})

test('transfers, starts of jobs and results that are fetched are under way, and jobs that run or wait are not', () => {
  const jobs = [
    jobView({ isStarting: true, state: 'running' }),
    jobView({ resultsFetched: 0, state: 'passed' }),
    jobView({ state: 'running' }),
    jobView({ state: 'queued' }),
  ]
  const [starting, fetched] = jobs.map(({ spec }) => spec.name)
  expect(workUnderWay({ ...nothing, queue: { ...emptyQueue, jobs } }, ['llama'])).toEqual([
    { kind: 'transfer', name: 'llama' },
    { kind: 'job-start', name: starting },
    { kind: 'results', name: fetched },
  ])
  expect(workUnderWay({ ...nothing, queue: { ...emptyQueue, jobs: jobs.slice(2) } }, [])).toEqual([])
  expect(workUnderWay({ pods: [] }, [])).toEqual([])
})
