import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { idleFirst, moveTo, toJobLists } from '../../../src/renderer/queue/job-lists'
import {
  costAtEndText,
  notMovedText,
  progressOf,
  resultText,
  scheduleLabel,
  suggestionText,
  waitingText,
} from '../../../src/renderer/queue/queue-page-text'
import { idleFor, NOW_MS, podView } from '../../harness/samples/pod-views'
import { jobSpec } from '../../harness/samples/job-spec'
import { jobRun, jobView } from '../../harness/samples/queue-views'

describe('a running job', () => {
  const running = (startedMsAgo: number, over: Parameters<typeof jobView>[0] = {}) =>
    jobView({
      state: 'running',
      usuallyTakesMs: 2 * HOUR_MS,
      run: jobRun({ startedAtMs: NOW_MS - startedMsAgo, perHourUsd: 4 }),
      ...over,
    })

  test('shows how far it is only while that can be estimated', () => {
    expect(progressOf(running(HOUR_MS), NOW_MS)).toMatchObject({ share: 0.5 })
    expect(progressOf(running(3 * HOUR_MS), NOW_MS)).toEqual({
      share: null,
      text: 'running for 3 h, longer than usual',
    })
    expect(progressOf(running(HOUR_MS, { usuallyTakesMs: null }), NOW_MS)).toEqual({
      share: null,
      text: 'running for 1 h',
    })
    expect(costAtEndText(running(HOUR_MS))).toBe('$8.00')
    expect(costAtEndText(running(HOUR_MS, { usuallyTakesMs: null }))).toBeNull()
  })

  test('that can’t be reached is unknown, and neither far nor failed', () => {
    const unreachable = running(HOUR_MS, {
      state: 'unknown',
      run: jobRun({ unreachableSinceMs: NOW_MS - MINUTE_MS }),
    })
    expect(progressOf(unreachable, NOW_MS).share).toBeNull()
    expect(progressOf(unreachable, NOW_MS).text).toMatch(/^Unknown since /)
  })
})

test('a waiting job says what it waits for', () => {
  expect(waitingText(jobView())).toBe('Ready')
  expect(waitingText(jobView({ startablePodKeys: [] }))).toBe('Waiting for a free pod')
  expect(waitingText(jobView({ startablePodKeys: [], fitsPodKeys: [] }))).toBe('No pod fits')
  expect(waitingText(jobView({ state: 'held' }))).toBe('On hold')
  expect(waitingText(jobView({ state: 'blocked', statusText: 'a didn’t pass.' }))).toBe(
    'Blocked. a didn’t pass.',
  )
})

test('a failure names its exit code once', () => {
  const failed = (statusText: string | null) =>
    resultText(jobView({ state: 'failed', statusText, run: jobRun({ exitCode: 3 }) }))
  expect(failed('It ended with exit code 3.')).toEqual({ word: 'Failed', rest: 'It ended with exit code 3.' })
  expect(failed(null)).toEqual({ word: 'Failed', rest: 'Exit code 3.' })
})

test('a suggestion names the pod, the job, and what it usually takes and costs, if that is known', () => {
  const pod = podView({ name: 'mcmc-planck', activity: idleFor(24), costPerHourUsd: 4 })
  expect(suggestionText(pod, jobView())).toEqual({
    fact: 'mcmc-planck has been idle for 24 min.',
    offer: 'train-1 fits it and usually takes 1 h 38 min, about $6.53.',
  })
  expect(suggestionText(pod, jobView({ usuallyTakesMs: null })).offer).toBe('train-1 fits it.')
})

test('the label of auto-schedule says where it is on', () => {
  const rules = { podKeys: [], accountIds: [], isPaused: false }
  expect(scheduleLabel(rules)).toBe('Auto-schedule: Off')
  expect(scheduleLabel({ ...rules, podKeys: [jobRun().podKey] })).toBe('Auto-schedule: 1 pod')
  expect(scheduleLabel({ ...rules, accountIds: ['a'] })).toBe('Auto-schedule: On')
  expect(scheduleLabel({ ...rules, accountIds: ['a'], isPaused: true })).toBe('Auto-schedule: Paused')
})

test('jobs are found by name, command and pod, in the order of the queue', () => {
  const jobs = [
    jobView({ id: 'r', state: 'unknown', run: jobRun({ podName: 'llama' }) }),
    jobView({ id: 'a', spec: jobSpec({ name: 'planck-2' }), state: 'held' }),
    jobView({ id: 'b', spec: jobSpec({ name: 'planck-1', command: 'python x.py' }) }),
    jobView({ id: 'd', state: 'canceled' }),
  ]
  const ids = (search: string) => {
    const { running, waiting, done } = toJobLists(jobs, search)
    return [running, waiting, done].map((list) => list.map(({ id }) => id).join())
  }
  expect(ids('')).toEqual(['r', 'a,b', 'd'])
  expect(ids('PLANCK python')).toEqual(['', 'b', ''])
  expect(ids('llama')).toEqual(['r', '', ''])
})

test('a job is moved only to a place that there is, and keeps its priority where it can', () => {
  const jobs = (['high', 'high', 'low'] as const).map((priority, index) =>
    jobView({ id: String(index), spec: jobSpec({ name: `job ${index}`, priority }) }),
  )
  const targets = (index: number) => [-1, 0, 1, 2, 3].map((place) => moveTo(jobs, jobs[index]!, place))
  expect(targets(0)).toEqual([null, null, 'last', 'lower-priority', null])
  expect(targets(1)).toEqual([null, { beforeJobId: '0' }, null, 'lower-priority', null])
  expect(targets(2)).toEqual([null, { beforeJobId: '0' }, { beforeJobId: '1' }, null, null])
  expect(moveTo(jobs.slice(0, 2), jobs[0]!, 1)).toBe('last')
  expect(notMovedText('job 0')).toBe('job 0 stays where it is: jobs of a lower priority come after it.')
})

test('where a job can run on several pods, idle ones are offered first', () => {
  const [busy, idle, other] = [
    podView({ id: 'busy' }),
    podView({ id: 'idle', activity: idleFor(5) }),
    podView({ id: 'x' }),
  ]
  const pods = new Map([busy, idle, other].map((pod) => [pod.key, pod]))
  expect(idleFirst([busy.key, idle.key, other.key, 'account/gone'], pods)).toEqual([
    idle.key,
    busy.key,
    other.key,
    'account/gone',
  ])
})
