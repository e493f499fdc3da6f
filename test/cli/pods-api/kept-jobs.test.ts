import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { createConfirmTokens } from '../../../src/cli/mcp/confirm-tokens'
import { readTools } from '../../../src/cli/mcp/read-tools'
import { type ToolContext, ToolProblem } from '../../../src/cli/mcp/tool'
import { writeTools } from '../../../src/cli/mcp/write-tools'
import { fail, ok } from '../../../src/core/base/result'
import { openAgentStartsFile } from '../../../src/node/pods-api/agent-starts-file'
import { createExperiments } from '../../../src/node/pods-api/accounts/experiments'
import { changeLabSettings } from '../../../src/node/pods-api/accounts/lab-settings'
import type { ServerRefusal } from '../../../src/node/servers/ask-keeper'
import type { ServerReply, ServerRequest } from '../../../src/node/servers/server-client'
import { serverOperations } from '../../../src/node/servers/server-operations'
import { createFakeClock } from '../../harness/base/fake-clock'
import { createFakeKeeper, serverJob } from '../../harness/data-folder/kept-accounts'
import {
  createFakeHolder,
  detailsOf,
  queueOf,
  servedAccount,
} from '../../harness/data-folder/served-accounts'
import { jobSpec } from '../../harness/samples/job-spec'
import { jobView } from '../../harness/samples/queue-views'

/* Jobs that tokens and agents of this computer ask for, of account `a`, which a server keeps, and of `b`, which none does. */

const request = {
  labId: 'a',
  title: 'train',
  command: 'python train.py',
  computeMode: 'H100',
  priority: 'high',
  estimatedSeconds: undefined,
} as const
const job = { account: 'a', title: 'train', command: 'python train.py' }
const caller = {
  id: 'ci',
  name: 'ci',
  scopes: ['pods:write'],
  accountIds: null,
  maxHourlyUsd: null,
  podNames: null,
} satisfies ToolContext['caller']

interface Options {
  readonly refusal?: ServerRefusal
  readonly accountIds?: readonly string[]
  /** Whether the activity log here can be written. */
  readonly isRecorded?: boolean
}

function keptQueue({ refusal, accountIds, isRecorded = true }: Options = {}) {
  const { keeper, sent } = createFakeKeeper(refusal, [serverJob('there'), serverJob('newer')])
  const own = jobView({ id: 'here', spec: jobSpec({ needs: { ...jobSpec().needs, accountId: 'a' } }) })
  const queue = queueOf(own)
  const { holder, asked } = createFakeHolder(
    {
      recordRequest: async () =>
        isRecorded ? ok(undefined) : fail({ code: 'failed', message: 'the disk is full' }),
      addJob: async () => ok('kept-here'),
    },
    { keeperOf: (id) => (id === 'a' ? keeper : null), queue: async () => queue },
  )
  const accounts = [servedAccount('a'), servedAccount('b')]
  const who = { ...caller, accountIds: accountIds ?? null }
  const context: ToolContext = {
    holder,
    caller: who,
    accounts: () => accounts,
    access: {
      backendFor: () => Promise.reject(new Error('no tool needs one')),
      readAll: async () => ({
        read: accounts.map((account) => ({ account, details: detailsOf({ id: 'p' }) })),
        unread: new Map(),
      }),
    },
    limit: { maxHourlyUsd: null, maxTotalUsd: null, jobCommands: [job.command] },
    starts: openAgentStartsFile(mkdtempSync(join(tmpdir(), 'kept-jobs-'))),
    confirmTokens: createConfirmTokens(() => 'token'),
    now: () => createFakeClock().now(),
    readLog: async () => [],
  }
  return {
    sent,
    here: () => asked.map(({ name }) => name),
    asked,
    experiments: createExperiments({ holder, caller: who, accounts, queue, nowMs: () => 0 }),
    settings: (id: string, changes: Parameters<typeof changeLabSettings>[1]) =>
      changeLabSettings({ holder, caller: who, account: servedAccount(id), accounts, queue }, changes),
    tool: async (name: string, input: object = {}): Promise<string> => {
      const found = [...readTools, ...writeTools].find((each) => each.name === name)
      if (found === undefined) throw new Error(`there is no tool ${name}`)
      try {
        return await found.run(v.parse(found.input, input), context)
      } catch (cause) {
        if (cause instanceof ToolProblem) return `PROBLEM ${cause.message}`
        throw cause
      }
    },
  }
}

const lab = (id: string) => ({ id, slug: id })

test('a job goes to the server once it is in the activity log here, and none waits here', async () => {
  const { experiments, sent, here, asked } = keptQueue()
  expect(await experiments.addExperiment(lab('a'), request)).toMatchObject({
    ok: true,
    status: 201,
    value: { _id: 'added', labId: 'a', title: 'train' },
  })
  expect(sent).toEqual([['add', 'train', 'python train.py']])
  expect(here()).toEqual(['recordRequest'])
  expect(asked[0]?.args).toEqual(['ci', 'the job train, which its server is asked for', null])
  // Where no server keeps the account, it waits here.
  await experiments.addExperiment(lab('b'), { ...request, labId: 'b' })
  expect(here().slice(1)).toEqual(['recordRequest', 'addJob'])
  expect(sent).toHaveLength(1)
})

test('an agent’s job goes there, too', async () => {
  const { tool, sent, here } = keptQueue()
  expect(await tool('add_job', job)).toMatch(/^Added as added at the server/)
  expect(sent).toEqual([['add', 'train', 'python train.py']])
  expect(here()).toEqual(['recordRequest'])
})

test.each([
  ['failed', { status: 409 }],
  ['unreachable', { status: 503, mayRetry: true }],
  ['lost', { status: 503 }],
] as const)(
  'a job that the server answers with "%s" is refused with the reason, and does not wait here instead',
  async (code, refusal) => {
    const { experiments, tool, here } = keptQueue({
      refusal: { code, isLost: code !== 'failed', message: 'its disk is full' },
    })
    expect(await experiments.addExperiment(lab('a'), request)).toEqual({
      ok: false,
      refusal: { ...refusal, message: 'its disk is full' },
      ...(code === 'lost' && { isUnclear: true }),
    })
    expect(await tool('add_job', job)).toMatch(/^PROBLEM [^]*its disk is full/)
    expect(here()).toEqual(['recordRequest', 'recordRequest'])
  },
)

test('no job is sent that could not be written down here', async () => {
  const { experiments, sent } = keptQueue({ isRecorded: false })
  expect(await experiments.addExperiment(lab('a'), request)).toMatchObject({
    ok: false,
    refusal: { status: 409, message: 'the disk is full' },
  })
  expect(await experiments.cancelExperiment('there')).toMatchObject({ ok: false, refusal: { status: 409 } })
  expect(sent).toEqual(['jobs'])
})

test('jobs of the server are listed, read and canceled there, after those of before that wait here', async () => {
  const { experiments, tool, sent, here } = keptQueue()
  const listed = await experiments.experiments(lab('a'))
  expect(listed.map(({ id }) => id)).toEqual(['here', 'there', 'newer'])
  expect(await tool('list_jobs')).toMatch(/^3 jobs[^]*"there"[^]*"atServerOfAccount":\s*"a"/)
  expect(experiments.count(lab('a'))).toBeNull()
  expect(await experiments.experimentLog('there')).toMatchObject({ ok: true, value: { text: 'epoch 1\n' } })
  expect(await tool('job_log', { jobId: 'there' })).toContain('epoch 1')
  sent.length = 0
  expect(await tool('cancel_job', { jobId: 'there' })).toContain('being canceled')
  expect(sent.at(-1)).toEqual(['cancel', 'there'])
  expect(here()).toEqual(['recordRequest'])
  // One of before is canceled here.
  await experiments.cancelExperiment('here')
  expect(here().slice(1)).toEqual(['recordRequest', 'changeJob'])
})

test('a token for another account finds none of them', async () => {
  const { experiments, tool, sent } = keptQueue({ accountIds: ['b'] })
  expect(await experiments.cancelExperiment('there')).toMatchObject({ ok: false, refusal: { status: 404 } })
  expect(await experiments.experimentLog('there')).toMatchObject({ ok: false, refusal: { status: 404 } })
  expect(await tool('list_jobs')).toMatch(/^0 jobs/)
  expect(sent).toEqual([])
})

test('while the server is lost, nobody is told that there are no jobs', async () => {
  const message = 'lab.example.org, which keeps this account, can’t be reached: refused. Nothing was done.'
  const { experiments, tool } = keptQueue({ refusal: { code: 'unreachable', isLost: true, message } })
  await expect(experiments.experiments(lab('a'))).rejects.toThrow(message)
  expect(await experiments.cancelExperiment('there')).toMatchObject({ refusal: { status: 503, message } })
  const listed = await tool('list_jobs')
  expect(listed).toMatch(/^1 job\. The queues of some servers could not be read/)
  expect(listed).toContain('can’t be reached')
  expect(await tool('job_log', { jobId: 'there' })).toMatch(/^PROBLEM Not done[^]*can’t be reached/)
})

test('automatic starts of its jobs are not turned on here', async () => {
  const { settings, here } = keptQueue()
  expect(await settings('a', { autoScheduleEnabled: true })).toMatchObject({
    ok: false,
    refusal: { status: 409, message: expect.stringContaining('is set there') },
  })
  expect(here()).toEqual([])
})

/* What is sent to the server. */

const server = { origin: 'https://lab.example.org', token: 'pkp_x', labId: 'the lab', ca: null }
const replied = (data: unknown, meta: unknown = null): ServerReply => ({
  status: 200,
  data,
  meta,
  problem: null,
})

function operationsAt(reply: (request: ServerRequest) => ServerReply) {
  const sent: ServerRequest[] = []
  const operations = serverOperations(server, async (_access, asked) => {
    sent.push(asked)
    return ok(reply(asked))
  })
  return { operations, sent }
}

test('a job is sent as the server’s own account is called there, and its list is read to the end', async () => {
  const { operations, sent } = operationsAt(({ method, path }) =>
    method === 'POST'
      ? replied(serverJob('one'))
      : path.includes('cursor')
        ? replied([serverJob('two')], { next_cursor: null })
        : replied([serverJob('one', { title: 'a\nb' })], { next_cursor: 'after-one' }),
  )
  expect(await operations.addJob(request)).toMatchObject({ ok: true, value: { _id: 'one' } })
  expect(sent).toEqual([
    {
      method: 'POST',
      path: '/api/v1/experiments',
      body: {
        labId: 'the lab',
        title: 'train',
        command: 'python train.py',
        computeMode: 'H100',
        priority: 'high',
      },
    },
  ])
  expect(await operations.jobs()).toMatchObject({ ok: true, value: [{ title: 'a b' }, { _id: 'two' }] })
  expect(await operations.cancelJob('one')).toMatchObject({ ok: true })
  expect(sent.slice(1).map(({ path }) => path)).toEqual([
    '/api/v1/experiments?labId=the%20lab&limit=100',
    '/api/v1/experiments?labId=the%20lab&limit=100&cursor=after-one',
    '/api/v1/experiments/one/cancel',
  ])
})

test('a reply that can’t be read leaves open whether the job was added, and says to check the queue', async () => {
  const { operations } = operationsAt(() => replied({ _id: '../x' }))
  expect(await operations.addJob(request)).toMatchObject({
    ok: false,
    error: { code: 'lost', message: expect.stringMatching(/not known whether.*Check its queue/) },
  })
  expect(await operations.jobs()).toMatchObject({ ok: false, error: { code: 'failed' } })
})
