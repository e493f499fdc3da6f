import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import type { Job, JobRun } from '../../../src/core/queue/jobs/job'
import { jobRecord } from '../../../src/core/queue/jobs/job-codec'
import { newJob } from '../../../src/core/queue/jobs/job-phase'
import { openQueueFile, queuePath } from '../../../src/node/data-folder/journal/lazy-journal'
import { linkServer } from '../../../src/node/servers/link-server'
import type { askServer } from '../../../src/node/servers/server-client'
import { serverOf } from '../../../src/node/servers/servers-file'
import { writeFormatFile } from '../../harness/data-folder/migrated-folder'
import { jobSpec } from '../../harness/samples/job-spec'
import { instant } from '../../harness/samples/pods'

const access = { origin: 'https://lab.example.org', token: 'pkp_x', ca: null }

const run = (podKey: JobRun['podKey']): Partial<Job> => ({
  phase: 'running',
  run: {
    id: 'run-1',
    podKey,
    podName: 'llama',
    gpuIndexes: null,
    podGpuCount: 1,
    requestedAt: instant(0),
    podStartedAtMs: null,
    perHourUsd: null,
    startedBy: 'person',
    isUnclear: false,
    hasStarted: true,
    startedAtMs: null,
    endedAtMs: null,
    exitCode: null,
    unreachableSince: null,
    isUnreachableAlerted: false,
  },
})

/** Links an account in a folder whose queue has this job, to a server with pods in two accounts. */
async function link(job: Partial<Job> | null, podIds: readonly string[] = ['p'], send?: typeof askServer) {
  const folder = mkdtempSync(join(tmpdir(), 'link-'))
  writeFormatFile(folder)
  if (job !== null) {
    const made = newJob(
      { id: 'job-1', spec: jobSpec({ name: 'train' }), place: 1, isFromCommandLine: false, isHeld: false },
      instant(0),
    )
    const file = openQueueFile(queuePath(folder), () => instant(0).wallMs)
    expect(file.record(jobRecord({ ...made, ...job }))).toEqual(ok(undefined))
    file.close()
  }
  const answer: typeof askServer = async (_, { path }) => {
    const data = path.startsWith('/api/v1/labs')
      ? [{ id: 'one' }, { id: 'two' }]
      : [{ _id: path.includes('two') ? 'pod_p' : 'pod_x', runpodPodId: path.includes('two') ? 'p' : 'x' }]
    return ok({ status: 200, data, meta: { next_cursor: null }, problem: null })
  }
  const linked = await linkServer({
    folder,
    account: { id: 'a', name: 'Personal' },
    podIds: new Set(podIds),
    access,
    send: send ?? answer,
  })
  const kept = serverOf(folder, 'a')
  return { linked, kept: kept.ok && kept.value }
}

test('a server keeps an account as the one there that has its pods, also beside jobs that wait or run elsewhere', async () => {
  for (const job of [null, {}, run('b/p'), { ...run('a/p'), phase: 'passed' } as const])
    expect(await link(job)).toEqual({ linked: ok(undefined), kept: { ...access, labId: 'two' } })
})

test('while a job runs on a pod of the account, which nobody would follow, no server is linked', async () => {
  expect(await link(run('a/p'))).toEqual({
    linked: fail({ kind: 'refused', message: expect.stringContaining('runs train on pods of Personal') }),
    kept: null,
  })
})

const refusals: readonly (readonly [string, Awaited<ReturnType<typeof askServer>>, string])[] = [
  ['refused', ok({ status: 401, data: null, meta: null, problem: 'unknown token' }), 'refused the token'],
  ['unreachable', fail({ message: 'ECONNREFUSED', isSent: false }), 'can’t be reached'],
  ['untrusted', fail({ message: 'self-signed', isSent: false, isUntrusted: true }), 'can’t be reached'],
]

test.each(refusals)('a server that is %s is not linked, and it is said why', async (kind, reply, why) => {
  expect(await link(null, ['p'], async () => reply)).toEqual({
    linked: fail({ kind, message: expect.stringContaining(why) }),
    kept: null,
  })
  expect(await link(null, ['other'])).toMatchObject({ linked: { error: { kind: 'refused' } }, kept: null })
})
