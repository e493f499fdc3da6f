import { expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { PodProgress, ProgressProblem } from '../../../src/core/logs/pod-progress'
import { createProgressFollower } from '../../../src/cli/commands/create/follow-progress'
import type { ControlledPodView } from '../../../src/node/control/control-requests'

function progress(steps: Partial<PodProgress['steps']> = {}, more: Partial<PodProgress> = {}): PodProgress {
  return {
    steps: { machine: 'done', image: 'done', container: 'done', ssh: 'next', ...steps },
    pull: null,
    problem: null,
    lines: [],
    logProblem: null,
    ...more,
  }
}

const pulling = progress(
  { image: 'now', container: 'next' },
  { pull: { percent: 62, pulledLayers: 3, layers: 5 } },
)
const view = (phase: ControlledPodView['phase'], seen?: PodProgress) =>
  ({
    id: 'p',
    name: 'trainer',
    phase,
    service: 'Runpod',
    ...(seen && { progress: seen }),
  }) as ControlledPodView

function follow(hasSsh = true) {
  const lines: string[] = []
  const follower = createProgressFollower(hasSsh, {
    progress: (text) => lines.push(text),
    status: (text) => lines.push(text),
  })
  return {
    lines,
    see: (pod: ControlledPodView | undefined, atMs: number) => {
      const end = follower.end(pod, atMs)
      return end && [end.exitCode, end.message]
    },
  }
}

test('a new pod is waited for from its machine to SSH, and each step is shown', () => {
  const { lines, see } = follow()
  const seen = [
    view('creating', progress({ machine: 'now', image: 'next', container: 'next' })),
    view('creating', pulling),
    view('creating', progress({ container: 'now' })),
    view('running', progress({ ssh: 'now' })),
  ]
  expect(seen.map((pod, index) => see(pod, index * SECOND_MS))).toEqual([null, null, null, null])
  expect(lines).toEqual([
    'trainer: Waiting for a machine',
    'trainer: Pulling the image, 62%, 3 of 5 layers',
    'trainer: Starting the container',
    'trainer: Waiting for SSH',
  ])
  expect(see(view('running', progress({ ssh: 'done' })), 90 * SECOND_MS)).toEqual([
    0,
    'It is running, and SSH is reachable after 1 min.',
  ])
})

test('a pod that runs is enough without SSH, and where nobody follows it', () => {
  expect(follow(false).see(view('running', progress({ ssh: 'now' })), MINUTE_MS)).toEqual([
    0,
    'It is running after 1 min.',
  ])
  expect(follow().see(view('running'), MINUTE_MS)).toEqual([0, 'It is running after 1 min.'])
})

test('a pod that runs without a container is waited for, and fails if its container dies or it lacks GPUs', () => {
  const starting = { kind: 'starting', sinceMs: 0, isOverdue: false } as const
  const running = (container: ControlledPodView['container'], seen = pulling) =>
    ({ ...view('running', seen), ...(container && { container }) }) as ControlledPodView
  const { see, lines } = follow(false)
  expect(see(running(starting), MINUTE_MS)).toBeNull()
  expect(lines).toEqual(['trainer: Pulling the image, 62%, 3 of 5 layers'])
  expect(see(running(undefined, progress()), 3 * MINUTE_MS)).toEqual([0, 'It is running after 3 min.'])
  expect(follow().see(running(starting), 15 * MINUTE_MS)?.[0]).not.toBe(0)
  expect(follow(false).see(running({ kind: 'unknown' }), MINUTE_MS)).toEqual([
    0,
    'It is reported as running after 1 min. Whether its container is up isn’t known.',
  ])
  for (const container of [
    { kind: 'died', why: 'gone', sinceMs: 0 },
    { kind: 'gpus-missing', gpus: 0, expected: 1 },
  ] as const)
    expect(follow().see(running(container), MINUTE_MS)?.[0]).not.toBe(0)
})

test('SSH that cannot be tried is shown as unknown after a minute, and no sooner', () => {
  const { see } = follow()
  const pod = view('running', progress({ ssh: 'unknown' }))
  expect(see(pod, MINUTE_MS)).toBeNull()
  expect(see(pod, 2 * MINUTE_MS)).toEqual([
    0,
    'It is running after 2 min. Whether SSH is reachable isn’t known.',
  ])
})

test('SSH that never answers fails, also where it is no longer followed', () => {
  for (const last of [view('running', progress({ ssh: 'now' })), view('running')]) {
    const { see } = follow()
    expect(see(view('running', progress({ ssh: 'now' })), MINUTE_MS)).toBeNull()
    expect(see(last, 15 * MINUTE_MS)).toEqual([1, 'It is running, but SSH isn’t reachable after 15 min.'])
  }
})

const failed: ProgressProblem = { kind: 'pull-failed', words: 'manifest unknown' }

test('a problem is reported once with the last system lines, and ends it once it lasts for a minute', () => {
  const { lines, see } = follow()
  const broken = view(
    'creating',
    progress({ image: 'failed' }, { problem: failed, lines: [{ atMs: 1, text: 'pulling image x' }] }),
  )
  expect([see(broken, 0), see(broken, 30 * SECOND_MS)]).toEqual([null, null])
  expect(lines.slice(0, 2)).toEqual([
    'trainer: Image pull failed. Check the image’s name and tag, and its registry credentials. You may be paying while Runpod keeps trying.',
    '  pulling image x',
  ])
  expect(lines.filter((line) => line.startsWith('  '))).toHaveLength(1)
  expect(see(broken, MINUTE_MS)).toEqual([
    1,
    'Image pull failed, and it isn’t usable after 1 min. You may already be paying for it: edit or terminate it.',
  ])
})

test('a problem that passes ends nothing', () => {
  const { see } = follow()
  expect(see(view('creating', progress({}, { problem: failed })), 0)).toBeNull()
  expect(see(view('creating', pulling), 50 * SECOND_MS)).toBeNull()
  expect(see(view('creating', progress({}, { problem: failed })), 70 * SECOND_MS)).toBeNull()
})

test('a pod in error, stopped, or creating for too long fails', () => {
  expect(follow().see(view('error'), 0)).toMatchObject([1, expect.stringContaining('has an error')])
  expect(follow().see(view('stopped'), 0)).toMatchObject([1, expect.stringContaining('stopped')])
  expect(follow().see(view('creating', pulling), 15 * MINUTE_MS)).toMatchObject([
    1,
    expect.stringContaining('not running after 15 min'),
  ])
  expect(follow().see(undefined, 0)).toBeNull()
})

test('what is said of a problem, and of a container that died, names the service that shows the pod', () => {
  for (const service of ['Runpod', 'Hubify']) {
    const { lines, see } = follow()
    const problem = { kind: 'crash-loop', starts: 3, forMs: MINUTE_MS } as const
    see({ ...view('creating', progress({}, { problem })), service }, 0)
    const died = { kind: 'died', why: 'restarts', sinceMs: 0 } as const
    const end = see({ ...view('running'), container: died, service }, MINUTE_MS)
    const said = [...lines, ...(end ?? [])].join('\n')
    expect(said).toContain(`and ${service} starts it again`)
    expect(said).not.toContain(service === 'Runpod' ? 'Hubify' : 'Runpod')
  }
})
