import { describe, expect, it, vi } from 'vitest'
import { launch, readUntil, startJobPod } from '../../harness/queue/job-pod'

// Real shells and servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

const started = { ok: true, value: 'started' }

describe('a job', () => {
  it('of another Podkeeper keeps jobs from its pod until it has ended, and of two at the same time one starts', async () => {
    const pod = await startJobPod()
    const alone = { besideIds: [] }
    for (let round = 0; round < 4; round += 1) {
      const ids = [`mine-${round}`, `theirs-${round}`]
      const command = `echo ran >>${pod.volumeOnPod}/count; sleep 1000`
      const replies = await Promise.all(ids.map((id) => pod.host.start(pod.pod, launch(id, command, alone))))
      expect(
        replies.filter(({ ok }) => ok),
        JSON.stringify(replies),
      ).toHaveLength(1)
      await expect.poll(() => pod.count('count')).toBe(round + 1)
      expect(replies.find(({ ok }) => !ok)).toMatchObject({
        error: { kind: 'failed', message: 'Another Podkeeper runs a job on this pod.', isUnclear: false },
      })
      const [runs = '', not = ''] = replies[0]?.ok === true ? ids : [...ids].reverse()
      const refused = await pod.host.start(pod.pod, launch(`late-${round}`, command, alone))
      expect(refused).toMatchObject({ error: { isUnclear: false } })
      // Beside jobs of its own queue, one starts.
      const own = launch(`own-${round}`, 'exit 0', { besideIds: [runs] })
      expect(await pod.host.start(pod.pod, own)).toEqual(started)
      await readUntil(pod, own.id, 'ended')
      expect(await readUntil(pod, not, 'ended')).toMatchObject({ exitCode: null, startedAtS: null })
      expect(await pod.host.cancel(pod.pod, runs)).toMatchObject({ ok: true, value: { kind: 'ended' } })
    }
    expect(pod.count('count')).toBe(4)
  })
})
