import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SshFailure } from '../../../src/core/terminal/host-key'
import {
  isSolvedByStart,
  newTerminalLifecycle,
  restoredLifecycle,
  type TerminalEvent,
  type TerminalLifecycle,
  withTerminalEvent,
} from '../../../src/core/terminal/terminal-state'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { instant } from '../../harness/samples/pods'

const server = { route: 'direct', host: '127.0.0.1', port: 22 } as const
const unreachable: SshFailure = { kind: 'unreachable', server, message: 'Nothing answers.' }
const opened: TerminalEvent = { kind: 'opened' }
const lost: TerminalEvent = { kind: 'lost', reason: 'The connection broke off.' }

const podStopped: TerminalEvent = { kind: 'close', reason: 'The pod is stopped.', isPodStopped: true }
const accountLeft: TerminalEvent = { kind: 'close', reason: 'Another account.', isPodStopped: false }
const runsAgain: TerminalEvent = { kind: 'pod-runs-again' }

/** Each event is a minute after the previous one. */
function applyEvents(
  events: readonly TerminalEvent[],
  life = newTerminalLifecycle,
  everyMs = MINUTE_MS,
): TerminalLifecycle {
  return events.reduce(
    (now, event, index) => withTerminalEvent(now, event, instant((index + 1) * everyMs), 0.5),
    life,
  )
}

describe('a terminal', () => {
  test('connects step by step until its shell is open', () => {
    expect(newTerminalLifecycle.state).toEqual({ kind: 'connecting', step: 'reaching' })
    const signingIn = applyEvents([{ kind: 'step', step: 'signing-in' }])
    expect(signingIn.state).toEqual({ kind: 'connecting', step: 'signing-in' })
    expect(applyEvents([opened], signingIn).state).toEqual({ kind: 'open' })
  })

  test('that cannot reach the server at first waits for the user', () => {
    const failed = applyEvents([{ kind: 'failed', failure: unreachable }])
    expect(failed.state).toEqual({ kind: 'failed', failure: unreachable })
    expect(applyEvents([{ kind: 'retry' }], failed)).toBe(failed)
    expect(applyEvents([{ kind: 'connect' }], failed).state.kind).toBe('connecting')
  })

  test('whose connection is lost retries automatically, while the network is unavailable', () => {
    const waiting = applyEvents([opened, lost])
    expect(waiting.state).toMatchObject({ kind: 'waiting', reason: 'The connection broke off.', tries: 1 })
    const again = applyEvents([{ kind: 'retry' }, { kind: 'failed', failure: unreachable }], waiting)
    expect(again.state).toMatchObject({ kind: 'waiting', reason: 'Nothing answers.', tries: 2 })
  })

  test.each<SshFailure>([
    { kind: 'host-key-declined' },
    { kind: 'packet-too-long', server },
    { kind: 'keys-refused', server, keyNames: [] },
    { kind: 'passphrase-declined', keyName: 'k' },
    { kind: 'key-too-slow', keyName: 'k', limitMs: 60_000 },
    { kind: 'no-shell', message: 'No.' },
  ])('stops retrying after the failure $kind, even if it was open', (failure) => {
    const end = applyEvents([opened, lost, { kind: 'retry' }, { kind: 'failed', failure }])
    expect(end.state).toEqual({ kind: 'failed', failure })
  })

  test('resets its attempts once a shell lasted, and not before', () => {
    const flapping = [opened, lost, { kind: 'retry' }, opened, lost] as const
    expect(applyEvents(flapping, newTerminalLifecycle, SECOND_MS).attempts).toBe(2)
    expect(applyEvents(flapping).attempts).toBe(1)
  })

  test('whose shell ended stays as it is until the user reconnects', () => {
    const ended = applyEvents([opened, { kind: 'exited', exitCode: 3, signal: null }])
    expect(ended.state).toEqual({
      kind: 'ended',
      exitCode: 3,
      reason: 'The shell ended with code 3.',
      isPodStopped: false,
    })
    expect(applyEvents([{ kind: 'retry' }, lost, { kind: 'step', step: 'reaching' }], ended)).toBe(ended)
  })

  test('ends with its pod, in any state', () => {
    const over = podStopped
    for (const events of [[], [opened], [opened, lost]])
      expect(applyEvents([...events, over]).state).toMatchObject({
        kind: 'ended',
        reason: 'The pod is stopped.',
      })
    const exited = applyEvents([opened, { kind: 'exited', exitCode: 0, signal: null }])
    expect(applyEvents([over], exited)).toBe(exited)
  })

  test('that ended with its pod connects when the pod runs again, and retries while it boots', () => {
    const back = applyEvents([opened, podStopped, runsAgain])
    expect(back.state).toMatchObject({ kind: 'waiting', tries: 0 })
    const refused = applyEvents([{ kind: 'retry' }, { kind: 'failed', failure: unreachable }], back)
    expect(refused.state).toMatchObject({ kind: 'waiting', tries: 1 })
    expect(applyEvents([{ kind: 'retry' }, opened], refused).state).toEqual({ kind: 'open' })
  })

  test.each<[string, readonly TerminalEvent[]]>([
    ['whose shell the user ended', [opened, { kind: 'exited', exitCode: 0, signal: null }, podStopped]],
    ['whose account left', [opened, accountLeft]],
    ['whose pod is gone', [opened, podStopped, { ...accountLeft, reason: 'The pod is gone.' }]],
    ['whose key was not trusted', [{ kind: 'failed', failure: { kind: 'host-key-declined' } }, podStopped]],
    ['that is open', [opened]],
  ])('%s does not connect because a pod runs again', (_, events) => {
    const before = applyEvents(events)
    expect(applyEvents([runsAgain], before)).toBe(before)
  })

  test('that ended with its pod says what is known of the pod last', () => {
    const gone: TerminalEvent = { kind: 'close', reason: 'The pod is gone.', isPodStopped: false }
    expect(applyEvents([opened, podStopped, gone]).state).toMatchObject({ reason: 'The pod is gone.' })
    const stopped = applyEvents([opened, podStopped])
    expect(applyEvents([podStopped], stopped)).toBe(stopped)
  })
})

test('the next attempt is never more than a minute away, however many failed', () => {
  fc.assert(
    fc.property(
      fc.nat(100),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempts, random) => {
        const now = instant(0)
        const life = withTerminalEvent(
          { ...applyEvents([opened]), openedAt: now, attempts },
          lost,
          now,
          random,
        )
        const { state } = life
        if (state.kind !== 'waiting') throw new Error('it does not wait')
        expect(state.nextTryAtMs - now.wallMs).toBeGreaterThanOrEqual(0)
        expect(state.nextTryAtMs - now.wallMs).toBeLessThanOrEqual(
          Math.min(MINUTE_MS, SECOND_MS * 2 ** attempts),
        )
        expect(state.tries).toBe(attempts + 1)
      },
    ),
  )
})

const anyEvent: fc.Arbitrary<TerminalEvent> = fc.constantFrom<TerminalEvent>(
  { kind: 'step', step: 'signing-in' },
  { kind: 'passphrase', keyName: 'k' },
  opened,
  lost,
  { kind: 'failed', failure: unreachable },
  { kind: 'failed', failure: { kind: 'no-key' } },
  { kind: 'exited', exitCode: null, signal: 'TERM' },
  { kind: 'retry' },
  { kind: 'connect' },
  podStopped,
  accountLeft,
  runsAgain,
)

test('a stopped pod explains a failure to connect, and what was found out about a host key stays', () => {
  const failed = (failure: SshFailure) => applyEvents([{ kind: 'failed', failure }])
  for (const kind of [
    'unreachable',
    'no-route',
    'no-ssh-server',
    'no-key',
    'keys-refused',
    'no-shell',
  ] as const) {
    const failure = { kind, server, message: '', keyNames: [] } as SshFailure
    const ended = applyEvents([podStopped], failed(failure))
    expect(ended.state).toMatchObject({ kind: 'ended', reason: 'The pod is stopped.', isPodStopped: true })
    expect(applyEvents([runsAgain], ended).state).toMatchObject({ kind: 'waiting' })
    expect(applyEvents([runsAgain], failed(failure)).state).toMatchObject({ kind: 'waiting' })
    expect(applyEvents([accountLeft], failed(failure)).state.kind).toBe('failed')
  }
  for (const kind of ['host-key-changed', 'host-key-revoked', 'host-key-declined', 'not-asked'] as const) {
    const stays = failed({ kind } as SshFailure)
    expect(applyEvents([podStopped, runsAgain], stays)).toBe(stays)
  }
})

test('in any sequence of events, only the user restarts a failed or ended terminal, or its pod that starts again', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let life = newTerminalLifecycle
      for (const [index, event] of events.entries()) {
        const { kind: before } = life.state
        const canRunAgain = isSolvedByStart(life) && event.kind === 'pod-runs-again'
        const isExplained = before === 'failed' && event === podStopped
        life = withTerminalEvent(life, event, instant(index * SECOND_MS), 0.5)
        if (
          (before === 'failed' || before === 'ended') &&
          event.kind !== 'connect' &&
          !canRunAgain &&
          !isExplained
        )
          expect(life.state.kind).toBe(before)
        if (life.state.kind === 'open') expect(life.wasOpen).toBe(true)
        if (life.state.kind === 'waiting') expect(life.wasOpen).toBe(true)
      }
    }),
  )
})

describe('a terminal whose session is on the pod since an earlier run', () => {
  const at = (event: TerminalEvent) => withTerminalEvent(restoredLifecycle, event, instant(0), 0.5)

  test('connects when it is shown, and tries again where a new one would not', () => {
    const connecting = at({ kind: 'retry' })
    expect(connecting.state.kind).toBe('connecting')
    const failed = withTerminalEvent(connecting, { kind: 'failed', failure: unreachable }, instant(1), 0.5)
    expect(failed.state.kind).toBe('waiting')
  })

  test('ends with its pod, and nothing else moves it', () => {
    expect(at(podStopped).state).toMatchObject({ kind: 'ended', isPodStopped: true })
    expect(at(opened)).toBe(restoredLifecycle)
    expect(at(lost)).toBe(restoredLifecycle)
  })
})
