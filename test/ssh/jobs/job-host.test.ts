import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasContainers, launch, readUntil, startJobPod } from '../../harness/job-pod'

const shells = (['dash', 'busybox'] as const).filter(
  (shell) => shell === 'dash' || (hasContainers && existsSync('/usr/bin/busybox')),
)
const ways = shells.flatMap((shell) => (['direct', 'proxy'] as const).map((route) => [shell, route] as const))

describe.each(ways)('a job on a pod with %s by the %s route', (shell, route) => {
  it('runs once, with its variables, and its end is seen', async () => {
    const pod = await startJobPod({ shell, route })
    const secret = 'it\'s a\n"secret" $HOME `x` \\n ü\t!\n'
    const job = launch('one', 'printf "%s" "$SECRET"; echo "$0" >&2; exit 3', {
      environment: { SECRET: secret },
    })
    expect(await pod.host.start(pod.pod, job)).toEqual({ ok: true, value: 'started' })
    expect(await pod.host.start(pod.pod, job)).toEqual({ ok: true, value: 'exists' })
    expect(await readUntil(pod, 'one', 'ended')).toMatchObject({
      jobId: 'one',
      kind: 'ended',
      exitCode: 3,
      isTimedOut: false,
      startedAtS: expect.any(Number),
      endedAtS: expect.any(Number),
    })
    const log = await pod.host.readLog(pod.pod, 'one', 0, 10_000)
    const text = log.ok ? Buffer.from(log.value.bytes).toString() : ''
    expect(log).toMatchObject({ ok: true, value: { sizeBytes: Buffer.byteLength(text) } })
    expect(text.startsWith(secret)).toBe(true)
    expect(readdirSync(join(pod.volume, '.podkeeper/jobs/one'))).not.toContain('env')
    expect(await pod.host.read(pod.pod, ['none', 'one'])).toMatchObject({
      ok: true,
      value: [{ jobId: 'none', kind: 'absent' }, { kind: 'ended' }],
    })
  })
})
