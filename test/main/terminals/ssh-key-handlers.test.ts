import { expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { Question } from '../../../src/core/confirmation/question-queue'
import type { PodView } from '../../../src/core/view/snapshot'
import { createSshKeyHandlers } from '../../../src/main/terminals/ssh-key-handlers'
import { idleFor, podView } from '../../harness/samples/pod-views'

const busy = { kind: 'busy', by: 'gpu', partlyIdle: null } as const
const unknown = { kind: 'unknown', reason: 'no-samples', sinceMs: null } as const
const llama = (over: Partial<PodView>): PodView =>
  podView({ id: 'p', name: 'llama', actions: ['stop', 'restart'], startedAtMs: 1, ...over })

/** `seen`: the pod at each look; the last stays. `answers`: to the questions, in order. */
function handlersFor({
  seen,
  answers,
}: {
  readonly seen: readonly (PodView | undefined)[]
  readonly answers: readonly boolean[]
}) {
  const questions: string[] = []
  const done: string[] = []
  const looks = [...seen]
  const given = [...answers]
  const provider = {} as never
  const handlers = createSshKeyHandlers({
    ssh: {
      shownKey: () =>
        Promise.resolve({ name: 'id_ed25519', fingerprint: 'SHA256:a', algorithm: null } as never),
      registerKey: () => {
        done.push('registered')
        return Promise.resolve(ok(undefined))
      },
    } as never,
    provider: () => provider,
    accountPods: () => null,
    chooseFile: () => Promise.resolve(null),
    saveFile: () => ok(undefined),
    nameOf: () => null,
    ask: ({ text }: Question) => {
      questions.push(`${text.title} ${text.lines.map((line) => line.text).join(' ')} [${text.confirmLabel}]`)
      const isConfirmed = given.shift() ?? false
      return Promise.resolve(ok(isConfirmed ? '' : null))
    },
    podView: () => (looks.length > 1 ? looks.shift() : looks[0]),
    restart: () => {
      done.push('restarted')
      return ok(undefined)
    },
  })
  return {
    questions,
    done,
    register: (podId: string | null) => handlers.registerSshKey('a', 'SHA256:a', podId),
  }
}

test('one yes registers the key and restarts an idle pod, and says what that ends', async () => {
  const { register, questions, done } = handlersFor({
    seen: [llama({ activity: idleFor(40) })],
    answers: [true],
  })
  expect(await register('p')).toEqual(ok('restarting'))
  expect(questions).toEqual([
    expect.stringMatching(
      /^Register .* llama \(p\) then restarts .* ends all its processes\. .*\[Register and restart\]$/,
    ),
  ])
  expect(done).toEqual(['registered', 'restarted'])
})

test.each([
  ['works', busy, 'It is working.'],
  ['can’t be judged', unknown, 'Whether it is working isn’t known.'],
])('the restart of a pod that %s is a question of its own', async (_what, activity, words) => {
  const pod = llama({ activity })
  const refused = handlersFor({ seen: [pod], answers: [true, false] })
  expect(await refused.register('p')).toEqual(ok('registered'))
  expect(refused.questions).toEqual([
    expect.not.stringContaining('restart'),
    expect.stringMatching(new RegExp(`^Restart llama now\\? .*${words} A restart ends all its processes\\.`)),
  ])
  expect(refused.done).toEqual(['registered'])
  const agreed = handlersFor({ seen: [pod], answers: [true, true] })
  expect(await agreed.register('p')).toEqual(ok('restarting'))
})

test.each([
  ['began to work', llama({ activity: busy })],
  ['was started anew', llama({ activity: idleFor(1), startedAtMs: 2 })],
])('a yes for an idle pod is none for one that %s meanwhile', async (_what, later) => {
  const { register, questions, done } = handlersFor({
    seen: [llama({ activity: idleFor(40) }), later],
    answers: [true, false],
  })
  expect(await register('p')).toEqual(ok('registered'))
  expect(questions).toHaveLength(2)
  expect(done).toEqual(['registered'])
})

test.each([
  ['no pod is named', null, llama({ activity: idleFor(40) })],
  ['the pod is gone', 'p', undefined],
  ['it can’t be restarted', 'p', llama({ activity: idleFor(40), actions: ['start'] })],
])('nothing is restarted where %s', async (_what, podId, pod) => {
  const { register, questions, done } = handlersFor({ seen: [pod], answers: [true] })
  expect(await register(podId)).toEqual(ok('registered'))
  expect(questions).toEqual([expect.stringMatching(/\[Register key\]$/)])
  expect(done).toEqual(['registered'])
})

test('a no to the key restarts nothing', async () => {
  const { register, done } = handlersFor({ seen: [llama({ activity: idleFor(40) })], answers: [false] })
  expect(await register('p')).toEqual(ok('refused'))
  expect(done).toEqual([])
})
