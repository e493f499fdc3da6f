import { expect, test } from 'vitest'
import { containerJson } from '../../../src/cli/output/json'
import { activitySpan, stateSpan } from '../../../src/cli/output/pod-text'
import type { PodView } from '../../../src/core/view/snapshot'
import { podView } from '../../harness/samples/pod-views'
import { pulling } from '../../harness/app/states/serve-pod-page'

test.each<[Partial<PodView>, string, string, string]>([
  [{}, 'running', 'busy 93%', 'plain'],
  [{ container: { kind: 'starting', sinceMs: 0, isOverdue: false } }, 'running', 'starting', 'plain'],
  [
    { container: { kind: 'starting', sinceMs: 0, isOverdue: false }, progress: pulling },
    'running',
    'image 42%',
    'plain',
  ],
  [{ container: { kind: 'starting', sinceMs: 0, isOverdue: true } }, 'running', 'no container', 'bad'],
  [{ container: { kind: 'unknown' } }, 'running', 'can’t tell', 'plain'],
  [{ container: { kind: 'died', why: 'gone', sinceMs: 0 } }, 'running', 'died', 'bad'],
  [{ container: { kind: 'gpus-missing', gpus: 0, expected: 1 } }, 'running', 'GPUs missing', 'bad'],
])('a running pod with %j is shown by its container', (over, state, activity, tone) => {
  const pod = podView(over)
  expect(stateSpan(pod).text).toBe(state)
  expect(activitySpan(pod)).toMatchObject({ text: activity, tone })
})

test('a container that is up is null in JSON, and any other says what was observed', () => {
  expect([
    containerJson(undefined),
    containerJson({ kind: 'starting', sinceMs: 0, isOverdue: true }),
    containerJson({ kind: 'died', why: 'restarts', sinceMs: 0 }),
  ]).toEqual([
    null,
    { kind: 'starting', since: '1970-01-01T00:00:00.000Z', isOverdue: true },
    { kind: 'died', since: '1970-01-01T00:00:00.000Z', why: 'restarts' },
  ])
})
