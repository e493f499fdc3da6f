import { expect, test } from 'vitest'
import { loseDataQuestion } from '../../../../src/core/confirmation/pod-questions'
import type { Ask } from '../../../../src/core/confirmation/question-queue'
import type { Monitor } from '../../../../src/core/monitor/monitor-types'
import { parsePodKey, type Pod } from '../../../../src/core/pods/pod'
import { fail, ok } from '../../../../src/core/base/result'
import { createPodRequests } from '../../../../src/main/account/requests/pod-requests'
import type { AccountServer } from '../../../../src/node/servers/servers-file'
import type { askServer, ServerReply, ServerRequest } from '../../../../src/node/servers/server-client'
import { type ServerOperations, serverOperations } from '../../../../src/node/servers/server-operations'
import { pod } from '../../../harness/samples/pods'

type Answer = Awaited<ReturnType<Ask>>

const neverAsked = (): never => {
  throw new Error('another account was asked to act')
}

const VOLUME = { sizeGb: 100, path: '/workspace' }

/**
 * An account with one pod, beside an account without any, and a person who answers with `answer`. `meanwhile` runs
 * while they are asked.
 */
function account(
  changes: Partial<Pod>,
  answer: Answer = ok(''),
  meanwhile = (): void => {},
  keeper: ServerOperations | null = null,
) {
  const state = { pod: pod({ id: 'p', name: 'llama', actions: ['stop', 'restart'], ...changes }) }
  const did: unknown[] = []
  const questions: string[] = []
  const monitor = {
    accountPods: () => ({ accountId: 'a', pods: [state.pod] }),
    act(...args: unknown[]) {
      did.push(args)
      return ok(undefined)
    },
    changePodRules(...args: unknown[]) {
      did.push(args)
      return ok(undefined)
    },
    keepOn: (...args: unknown[]) => (did.push(args), ok(undefined)),
  } as unknown as Monitor
  const other = { ...monitor, accountPods: () => ({ accountId: 'b', pods: [] }), act: neverAsked } as Monitor
  const monitors: Readonly<Record<string, Monitor>> = { a: monitor, b: other }
  const session: Parameters<typeof createPodRequests>[0] = {
    keeperOf: () => keeper,
    refresh: () => void did.push('refresh'),
    monitor: (accountId) => monitors[accountId] ?? null,
    withPod(podKey, request) {
      const { accountId, podId } = parsePodKey(podKey)
      const found = monitors[accountId]
      return found === undefined ? fail('That account is not connected.') : request(found, podId)
    },
  }
  const ask: Ask = (question) => {
    questions.push(question.text.title)
    meanwhile()
    return Promise.resolve(answer)
  }
  const requests = createPodRequests(session, ask)
  return { state, did, questions, requests }
}

const nothingKept = { persistentMount: null, networkMounts: [], areMountsKnown: true }

test('a stop after which nothing surely survives is asked about, and not sent when it is refused', async () => {
  for (const loss of [nothingKept, { ...nothingKept, areMountsKnown: false }]) {
    const refused = account(loss, ok(null))
    expect(await refused.requests.act('a/p', 'stop')).toEqual(ok(undefined))
    expect([refused.questions, refused.did]).toEqual([['Stop llama?'], []])
    const agreed = account(loss)
    expect(await agreed.requests.act('a/p', 'stop')).toEqual(ok(undefined))
    expect(agreed.did).toEqual([['p', 'stop', { isImmediate: false }]])
  }
})

test('a stop that keeps a volume, another action, and a pod that allows no stop are not asked about', async () => {
  const kept = account({ ...nothingKept, persistentMount: VOLUME })
  await kept.requests.act('a/p', 'stop')
  const restarted = account(nothingKept)
  await restarted.requests.act('a/p', 'restart')
  const locked = account({ ...nothingKept, isLocked: true })
  await locked.requests.act('a/p', 'stop')
  expect([kept, restarted, locked].map(({ questions, did }) => [questions, did.length])).toEqual([
    [[], 1],
    [[], 1],
    // The monitor refuses it with the reason.
    [[], 1],
  ])
})

test('what cannot be asked is not done, and the reason is given', async () => {
  const unasked = account(nothingKept, fail('10 questions are open.'))
  expect(await unasked.requests.act('a/p', 'stop')).toEqual(fail('10 questions are open.'))
  expect(await unasked.requests.changePodRules('a/p', { mayLoseData: true })).toEqual(
    fail('10 questions are open.'),
  )
  expect(unasked.did).toEqual([])
})

test('a pod that changes while it is asked about is not stopped', async () => {
  const changed = account(nothingKept, ok(''), () => {
    changed.state.pod = pod({ ...changed.state.pod, persistentMount: VOLUME })
  })
  expect(await changed.requests.act('a/p', 'stop')).toEqual(fail(expect.stringContaining('nothing was done')))
  expect(changed.did).toEqual([])
})

test('the permission to lose data is asked for, all or nothing, and taking it back is not', async () => {
  const changes = { maxHours: 5, mayLoseData: true }
  const refused = account(nothingKept, ok(null))
  expect(await refused.requests.changePodRules('a/p', changes)).toEqual(ok(undefined))
  expect([refused.questions, refused.did]).toEqual([['Allow automatic stops of llama to lose data?'], []])
  const agreed = account(nothingKept)
  await agreed.requests.changePodRules('a/p', changes)
  expect(agreed.did).toEqual([['p', changes]])
  const back = account(nothingKept, ok(null))
  await back.requests.changePodRules('a/p', { mayLoseData: false })
  await back.requests.changePodRules('a/p', { maxHours: 5 })
  expect([back.questions, back.did.length]).toEqual([[], 2])
})

test('a yes for what was shown is none for another state of the pod', () => {
  const texts = [nothingKept, { ...nothingKept, persistentMount: VOLUME }].map(
    (mounts) => loseDataQuestion(pod({ id: 'p', ...mounts }), null).text,
  )
  expect(texts[0]).not.toEqual(texts[1])
})

test('a request names the account of its pod, so one for an account that is not connected does nothing', async () => {
  const one = account({ ...nothingKept, persistentMount: VOLUME })
  expect(await one.requests.act('c/p', 'stop')).toEqual(fail('That account is not connected.'))
  expect(await one.requests.changePodRules('c/p', { maxHours: 5 })).toEqual(
    fail('That account is not connected.'),
  )
  expect(await one.requests.keepOn('c/p', '4-hours')).toEqual(fail('That account is not connected.'))
  expect(one.requests.startWhenFree('c/p')).toEqual(fail('That account is not connected.'))
  expect([one.questions, one.did]).toEqual([[], []])
})

test('the same pod of another account is not asked about, and its monitor refuses or acts on its own', async () => {
  const one = account(nothingKept)
  await expect(one.requests.act('b/p', 'stop')).rejects.toThrow('another account was asked to act')
  expect([one.questions, one.did]).toEqual([[], []])
})

/* A server that keeps the account. */

const server: AccountServer = { origin: 'https://lab.example.org', token: 'pkp_x', labId: 'lab', ca: null }
const kept = { ...nothingKept, persistentMount: VOLUME }
type Reply = Awaited<ReturnType<typeof askServer>>
const replied = (status: number, problem: string | null = null): Reply =>
  ok({ status, data: {}, meta: null, problem } satisfies ServerReply)

function keptAccount(reply: Reply, changes: Partial<Pod> = kept, answer: Answer = ok('')) {
  const sent: string[] = []
  const send = async (_: unknown, { method, path, body }: ServerRequest) => {
    sent.push(`${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`)
    return reply
  }
  return { sent, ...account(changes, answer, undefined, serverOperations(server, send)) }
}

test('what windows ask of a pod that a server keeps goes to the server alone', async () => {
  const { sent, did, questions, requests } = keptAccount(replied(200))
  expect(await requests.act('a/p', 'stop')).toEqual(ok(undefined))
  expect(await requests.act('a/p', 'start')).toEqual(ok(undefined))
  expect(await requests.keepOn('a/p', '4-hours')).toEqual(ok(undefined))
  expect(await requests.keepOn('a/p', null)).toEqual(ok(undefined))
  expect(await requests.changePodRules('a/p', { maxHours: 5 })).toEqual(ok(undefined))
  expect(sent).toEqual([
    'POST /api/v1/pods/p/stop',
    'POST /api/v1/pods/p/start',
    'POST /api/v1/pods/p/keep-running {"for":"4-hours"}',
    'POST /api/v1/pods/p/keep-running {"for":"off"}',
    'PATCH /api/v1/pods/p/rules {"maxHours":5}',
  ])
  expect([did, questions]).toEqual([Array.from({ length: 5 }, () => 'refresh'), []])
})

test('a restart, and a stop that may lose data and that the person agreed to, are sent from here', async () => {
  const restarted = keptAccount(replied(200))
  await restarted.requests.act('a/p', 'restart')
  const lossy = keptAccount(replied(200), nothingKept)
  await lossy.requests.act('a/p', 'stop')
  expect([restarted, lossy].map(({ sent, did }) => [sent, did.length])).toEqual([
    [[], 1],
    [[], 1],
  ])
  expect(lossy.questions).toEqual(['Stop llama?'])
})

test.each([
  [
    'is unreachable',
    fail({ message: 'connection refused', isSent: false }),
    /can’t be reached.*Nothing was done/,
  ],
  ['watches nothing', replied(503, 'Nothing watches here'), /can’t be reached.*Nothing was done/],
  ['didn’t reply', fail({ message: 'timeout', isSent: true }), /not known whether/],
] satisfies [string, Reply, RegExp][])(
  'while the server %s, a stop is asked about and then sent from here, and all else is refused',
  async (_, reply, why) => {
    const agreed = keptAccount(reply)
    expect(await agreed.requests.act('a/p', 'stop')).toEqual(ok(undefined))
    expect(agreed.questions).toEqual(['Stop llama from this computer?'])
    expect(agreed.did).toEqual([['p', 'stop', { isImmediate: false }]])
    const refused = keptAccount(reply, kept, ok(null))
    expect(await refused.requests.act('a/p', 'stop')).toEqual(ok(undefined))
    const { requests } = refused
    for (const asked of [
      requests.act('a/p', 'start'),
      requests.keepOn('a/p', '1-hour'),
      requests.changePodRules('a/p', { mayLoseData: true }),
    ])
      expect(await asked).toEqual(fail(expect.stringMatching(why)))
    expect([refused.did, refused.questions.length]).toEqual([[], 1])
  },
)

test('what the server refuses is said in its words, and not sent from here', async () => {
  const { did, questions, requests } = keptAccount(replied(409, 'A restart is under way'))
  expect(await requests.act('a/p', 'stop')).toEqual(
    fail('lab.example.org, which keeps this account, refused: A restart is under way.'),
  )
  expect([did, questions]).toEqual([[], []])
})
