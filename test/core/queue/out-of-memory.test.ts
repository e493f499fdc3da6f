import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { podKeyOf } from '../../../src/core/pods/pod'
import { ACCOUNT, startQueue } from '../../harness/queue/queue-fixture'

const KEY = podKeyOf(ACCOUNT, 'pod-1')

async function endOf(log: string, command: string): Promise<{ title: string; body: string; run: unknown }> {
  const { host, pass, add, requests, alerts, fixture } = startQueue()
  host.log = new TextEncoder().encode(log)
  const id = await add({ command })
  await requests.runJob(id, KEY)
  await pass(2 * MINUTE_MS)
  const { title = '', body = '' } = alerts[0] ?? {}
  const run = fixture.queue.view().jobs.find((job) => job.id === id)?.run
  fixture.queue.dispose()
  return { title, body, run }
}

describe('a job', () => {
  test.each([
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79 GiB',
    'RuntimeError: CUDA error: out of memory',
    'jaxlib.xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 1 bytes.',
    'CUDA_ERROR_OUT_OF_MEMORY: out of memory\nand a line after it',
  ])('that fails for lack of GPU memory says so: %s', async (line) => {
    const { title, body, run } = await endOf(`step 1\n${line}\n`, '60 1')
    expect(title).toMatch(/^train-1 failed after 1 min/)
    expect(body).toBe('Out of GPU memory (exit code 1). On name-pod-1.')
    expect(run).toMatchObject({ isOutOfMemory: true, exitCode: 1 })
  })

  test.each([
    [
      'a failure for another reason',
      'MemoryError: host memory\n',
      '60 1',
      'It ended with exit code 1. On name-pod-1.',
    ],
    [
      'one that passed all the same',
      'CUDA out of memory, trying a smaller batch\n',
      '60 0',
      'On name-pod-1.',
    ],
    [
      'a failure long after it',
      `CUDA out of memory, trying a smaller batch\n${'step\n'.repeat(2_000)}`,
      '60 1',
      'It ended with exit code 1. On name-pod-1.',
    ],
  ])('that ends otherwise doesn’t: %s', async (_what, log, command, text) => {
    const { body, run } = await endOf(log, command)
    expect(body).toBe(text)
    expect(run).not.toHaveProperty('isOutOfMemory')
  })

  test('shows nothing of what it printed', async () => {
    const { title, body } = await endOf('very-secret\n', '60 0')
    expect(title + body).not.toContain('secret')
  })
})
