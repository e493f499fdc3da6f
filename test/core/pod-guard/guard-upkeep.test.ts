import { describe, expect, it } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { GuardReply } from '../../../src/core/pod-guard/pod-guard-host'
import { GUARD_VERSION } from '../../../src/core/pod-guard/guard-script'
import { guardStatus, laptop, server, setBy } from '../../harness/guard/guard-report'
import { GUARD_SETTINGS, setUpPodGuards } from '../../harness/guard/pod-guards'

describe('a guard in a pod that is kept as wanted', () => {
  it('gets a rule that changes while it is being read right after that', async () => {
    const here = setUpPodGuards()
    let answer: (reply: GuardReply) => void = () => {}
    here.onNextRead(
      () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    )
    expect(await here.poll()).toEqual(['read true'])
    here.setRules({ podGuard: 'stop', maxHours: 5 })
    here.guards.expectChanges()
    here.set(here.running())
    answer(here.running())
    expect(await here.poll()).toEqual(['read true', `deadline ${4 * 3_600}`])
    expect(await here.poll(1_000)).toEqual([])
  })

  it('is not installed once it is no longer wanted, or changed once Podkeeper quits', async () => {
    for (const end of ['rule', 'quit'] as const) {
      const here = setUpPodGuards()
      here.onNextRead(() => {
        if (end === 'rule') here.setRules({})
        else here.guards.dispose()
        return Promise.resolve(ok('absent'))
      })
      expect(await here.poll()).toEqual(['read true'])
    }
  })

  it('is told to end what was kept running from here after a restart of Podkeeper, too, and nothing else', async () => {
    const here = setUpPodGuards({
      podGuard: 'stop',
      keepOn: { sinceMs: 0, untilMs: 1_000_000_000 + HOUR_MS },
    })
    const others = [setBy(server, { keptUntilS: 1_010 + 9_000, deadlineS: 2_000 })]
    here.set(here.running({ computers: others }))
    expect(await here.poll()).toEqual(['read true', 'keep 3600'])
    here.restart()
    here.setRules({ ...here.rules(), keepOn: { sinceMs: 0, untilMs: 5 } })
    here.set(here.running({ computers: [...others, setBy(laptop, { keptUntilS: 1_010 + 3_600 })] }))
    expect(await here.poll(1_000)).toEqual(['read true', 'keep 0'])
    here.set(here.running({ computers: others, isAlive: false }))
    expect(await here.poll(5 * MINUTE_MS)).toEqual(['read true', `install ${GUARD_SETTINGS} 0 0`])
  })

  it('says what others set in it, which a person can remove', async () => {
    const here = setUpPodGuards()
    const stopAtS = 1_010 + 600
    const computers = [
      setBy(laptop),
      setBy(server, { idleLimitS: 3_600, deadlineS: stopAtS }),
      setBy({ id: 'pod', name: 'the pod itself' }, { idleLimitS: null, mayStop: false, keptUntilS: 900 }),
    ]
    here.set(here.running({ computers, status: guardStatus({ stopAtS, by: server.id }) }))
    await here.poll()
    expect(here.text()).toMatch(
      /stops it .* \(lab-server\) \| .*lab-server: deadline [^.]*, idle limit 1 h\. Read/,
    )
    expect(await here.requests.forgetInPodGuard('p', server.id)).toEqual(ok(undefined))
    expect(here.calls).toEqual([`forget ${server.id}`])
    const kept = setBy(server, { keptUntilS: 1_010 + 7_200 })
    here.set(here.running({ computers: [kept], status: guardStatus({ keptUntilS: 1_010 + 7_200 }) }))
    await here.poll(HOUR_MS)
    expect(here.text()).toMatch(/^Guard in the pod: kept running by lab-server \| .*keeps it running until/)
  })

  it('that is newer than this Podkeeper is left as it is, and says so', async () => {
    const here = setUpPodGuards()
    here.set(here.running({ status: guardStatus({ version: GUARD_VERSION + 1 }) }))
    expect(await here.poll()).toEqual(['read true'])
    expect(here.text()).toContain('It is newer than this Podkeeper')
  })

  it('that can’t be started again is silent, too', async () => {
    const here = setUpPodGuards()
    here.failInstalls('The guard did not start.')
    here.set(here.running({ isAlive: false }))
    await here.poll()
    expect(here.guards.alerts([here.pod()])).toEqual([])
    await here.poll(HOUR_MS)
    expect(here.guards.alerts([here.pod()])).toMatchObject([{ key: { kind: 'guard-silent' } }])
    expect(here.text()).toContain('can’t be read | The guard did not start.')
  })

  it('whose stop was refused is not reported to have stopped the pod', async () => {
    const here = setUpPodGuards()
    const bodyAfter = async (answer: string) => {
      here.setPod({ phase: 'running' })
      here.set(here.running({ status: guardStatus({ stopping: { cause: 'idle', answer, count: 1 } }) }))
      await here.poll(HOUR_MS)
      here.setPod({ phase: 'stopped' })
      return here.guards.alerts([here.pod()])[0]?.body
    }
    expect(await bodyAfter('403')).toMatch(/^Not by this Podkeeper/)
    expect(await bodyAfter('200')).toMatch(/^By the guard in the pod/)
  })

  it('is evidence from when it looked, not from when it was read', async () => {
    const here = setUpPodGuards()
    here.set(here.running({ nowS: 1_090 }))
    await here.poll()
    const now = here.now()
    const at = here.guards.measuredIdleOf(here.pod(), now)?.at
    expect([at?.wallMs, at?.monotonicMs]).toEqual([now.wallMs - 90_000, now.monotonicMs - 90_000])
    expect(here.guards.verdictOf(here.pod(), now)?.atMs).toBe(now.wallMs - 90_000)
  })

  it('that can’t be removed because its pod can’t be reached only reports from then on', async () => {
    const here = setUpPodGuards()
    here.set(here.running())
    await here.poll()
    here.set(fail('The pod can’t be reached.'))
    expect(await here.requests.removePodGuard('p')).toMatchObject({
      error: expect.stringMatching(/^The pod can’t be reached\. Its guard is still there\./),
    })
    expect(here.rules()).toEqual({ podGuard: 'report' })
    here.set(here.running())
    here.calls.splice(0)
    expect(await here.poll(HOUR_MS)).toEqual([
      'read true',
      `install ${GUARD_SETTINGS.replace('yes', 'no')} 0 0`,
    ])
    expect(await here.requests.removePodGuard('p')).toEqual(ok(undefined))
    expect(here.rules()).toEqual({})
    // A pod that does not run has no guard that runs.
    here.setRules({ podGuard: 'stop' })
    here.setPod({ phase: 'stopped' })
    expect(await here.requests.removePodGuard('p')).toEqual(ok(undefined))
    expect(here.rules()).toEqual({})
  })

  it('of one pod after the other is read without a further poll', async () => {
    const here = setUpPodGuards()
    here.setAll(['p', 'q', 'r', 's', 't'])
    here.set(here.running())
    expect(await here.poll()).toHaveLength(5)
  })
})
