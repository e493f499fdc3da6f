import { expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import type { CreateView } from '../../../src/core/creation/create-view'
import type { PodProgress, StepState } from '../../../src/core/logs/pod-progress'
import type { PodView } from '../../../src/core/view/snapshot'
import { createTabFollower } from '../../../src/main/terminals/follow-tabs'
import { createView, podView } from '../../harness/samples/pod-views'

const NOW_MS = 1_000 * MINUTE_MS
const progress = (ssh: StepState): PodProgress => ({
  steps: { machine: 'done', image: 'done', container: 'done', ssh },
  pull: null,
  problem: null,
  lines: [],
  logProblem: null,
})
const made = (more: Partial<PodView> = {}) => podView({ id: 'new', ...more })

function movedFor(pod: PodView | null, over: Partial<CreateView> = {}, isClaimed = true) {
  const moves: unknown[] = []
  const claims: string[] = []
  const create = createView({ podId: 'new', replacesPodId: 'old', awaitsTabs: true, ...over })
  const follow = createTabFollower({
    terminals: { moveTabs: (...args) => void moves.push(args) },
    monitor: () => ({
      claimTabs(id) {
        claims.push(id)
        return isClaimed && claims.length === 1 ? ok(['train']) : fail('No terminal waits for that pod.')
      },
    }),
  })
  const snapshot = { creates: [create], pods: pod === null ? [] : [pod], atMs: NOW_MS }
  // Snapshots follow each other closely, and the second one may not know yet.
  follow(snapshot)
  follow(snapshot)
  return { moves, claims }
}

test('tabs move once the SSH server of the new pod answered, once', () => {
  const { moves } = movedFor(made({ progress: progress('done') }))
  expect(moves).toEqual([['account/old', 'account/new', ['train']]])
  expect(movedFor(made()).moves).toHaveLength(1)
})

test('nothing is taken from the old pod before the new one can be reached', () => {
  for (const pod of [
    null,
    made({ phase: 'creating' }),
    made({ sshRoute: null }),
    made({ progress: progress('now') }),
    made({ progress: progress('unknown') }),
  ])
    expect(movedFor(pod)).toEqual({ moves: [], claims: [] })
  expect(movedFor(made(), { awaitsTabs: false }).claims).toEqual([])
  expect(movedFor(made(), { podId: null }).claims).toEqual([])
})

test('a pod with nothing but the proxy, which cannot be tried, counts as reachable after 2 min', () => {
  const behindProxy = (minutes: number) =>
    made({ sshRoute: 'proxy', progress: progress('unknown'), startedAtMs: NOW_MS - minutes * MINUTE_MS })
  expect(movedFor(behindProxy(1)).moves).toEqual([])
  expect(movedFor(behindProxy(2)).moves).toHaveLength(1)
})

test('a pod whose SSH server was tried and never answered gets no tabs, until it answers', () => {
  const moves: unknown[] = []
  const follow = createTabFollower({
    terminals: { moveTabs: (...args) => void moves.push(args) },
    monitor: () => ({ claimTabs: () => ok(['train']) }),
  })
  const show = (pod: PodView): void =>
    follow({
      creates: [createView({ podId: 'new', replacesPodId: 'old', awaitsTabs: true })],
      pods: [pod],
      atMs: NOW_MS,
    })
  show(made({ progress: progress('now') }))
  // It is no longer followed.
  show(made())
  expect(moves).toEqual([])
  show(made({ progress: progress('done') }))
  expect(moves).toHaveLength(1)
})

test('what cannot be written down moves nothing', () => {
  expect(movedFor(made(), {}, false).moves).toEqual([])
})
