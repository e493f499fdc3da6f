import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { launch, readUntil, startJobPod } from '../../harness/queue/job-pod'
import { buildProgram } from '../../harness/setup/build-program'
import { tempFolder } from '../../harness/ssh/openssh-for-test'
import type { FetchOrder } from './fetch-program'

// Real shells and servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

const fetchProgram = 'test/ssh/jobs/fetch-program.ts'

it('keeps what a killed program received of a result, and the next one fetches the rest alone', async () => {
  const pod = await startJobPod()
  const folder = tempFolder('results')
  await pod.host.start(pod.pod, launch('big', 'head -c 3000000 /dev/urandom >big'))
  await readUntil(pod, 'big', 'ended')
  const listed = await pod.host.listResults(pod.pod, 'big', ['big'])
  const [file] = listed.ok ? listed.value : []
  if (file === undefined) throw new Error('no result')
  const partSize = (): number => {
    const [part] = readdirSync(folder)
    return part === undefined ? 0 : statSync(join(folder, part)).size
  }
  // The rest never comes.
  pod.relay.freezeWhen(() => pod.relay.forwardedBytes() > 2_000_000)
  const order: FetchOrder = { ...pod.client, pod: pod.relayed, runId: 'big', file, folder }
  const program = spawn(process.execPath, [await buildProgram(fetchProgram), JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  onTestFinished(() => void program.kill('SIGKILL'))
  const ended = once(program, 'exit')
  await expect.poll(partSize).toBeGreaterThan(1_000_000)
  program.kill('SIGKILL')
  await ended
  const kept = partSize()
  expect(kept).toBeLessThan(file.sizeBytes)
  const progress: number[] = []
  const fetched = await pod.host.fetchResult(pod.pod, 'big', file, folder, (count) => progress.push(count))
  expect(fetched).toEqual({ ok: true, value: join(folder, 'big') })
  expect(progress[0]).toBeGreaterThanOrEqual(kept)
  expect(
    createHash('sha256')
      .update(readFileSync(join(folder, 'big')))
      .digest('hex'),
  ).toBe(file.sha256)
  expect(readdirSync(folder)).toEqual(['big'])
})
