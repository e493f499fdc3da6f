import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import type { Job } from '../../../../src/core/queue/jobs/job'
import { applyEvent, requestAfter } from '../../../../src/core/queue/jobs/job-events'
import { jobSpec } from '../../../harness/samples/job-spec'
import { instant } from '../../../harness/samples/pods'
import { newJob } from '../../../../src/core/queue/jobs/job-phase'

function startedJob(podStartedAtMs: number | null): Job {
  const run = {
    podKey: 'account-1/pod-1',
    podName: 'pod',
    gpuIndexes: null,
    podGpuCount: null,
    podStartedAtMs,
    perHourUsd: 1,
    startedBy: 'person',
  } as const
  const job = newJob(
    { id: 'job-1', spec: jobSpec(), place: 1, isFromCommandLine: false, isHeld: false },
    instant(0),
  )
  return applyEvent(job, { kind: 'start', run }, instant(0))
}

describe('a run of which the pod has nothing', () => {
  const absent = { jobId: 'job-1-1', kind: 'absent' } as const
  test.each([
    ['is sent again where the pod runs since before it', 1_000, 1_000, 'starting', 'send'],
    ['failed where the pod certainly restarted', 1_000, 2_000, 'failed', null],
    ['is called off where no start of the pod is known', null, null, 'starting', 'cancel'],
    ['is called off where the start of the pod was not known then', null, 2_000, 'starting', 'cancel'],
    ['is called off where the start of the pod is not known now', 1_000, null, 'starting', 'cancel'],
  ] as const)('%s', (_name, before, podStartedAtMs, phase, request) => {
    const now = instant(MINUTE_MS)
    const read = applyEvent(
      startedJob(before),
      { kind: 'reading', reading: absent, podStartedAtMs, isClaim: false },
      now,
    )
    expect(read.phase).toBe(phase)
    expect(requestAfter(read, absent, podStartedAtMs, now)).toBe(request)
  })
})
