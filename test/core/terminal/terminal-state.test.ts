import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SshFailure } from '../../../src/core/terminal/host-key'
import {
  newTerminalLifecycle,
  type TerminalEvent,
  type TerminalLifecycle,
  withTerminalEvent,
} from '../../../src/core/terminal/terminal-state'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time'
import { instant } from '../../harness/pods'

const server = { route: 'direct', host: '127.0.0.1', port: 22 } as const
const unreachable: SshFailure = { kind: 'unreachable', server, message: 'Nothing answers.' }
const opened: TerminalEvent = { kind: 'opened' }
const lost: TerminalEvent = { kind: 'lost', reason: 'The connection broke off.' }

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
  ])('tries no more once it is told $kind, though it was open', (failure) => {
    const end = applyEvents([opened, lost, { kind: 'retry' }, { kind: 'failed', failure }])
    expect(end.state).toEqual({ kind: 'failed', failure })
  })

  test('counts from anew once a shell has lasted, and not before', () => {
    const flapping = [opened, lost, { kind: 'retry' }, opened, lost] as const
    expect(applyEvents(flapping, newTerminalLifecycle, SECOND_MS).attempts).toBe(2)
    expect(applyEvents(flapping).attempts).toBe(1)
  })

  test('whose shell ended stays as it is until the user reconnects', () => {
    const ended = applyEvents([opened, { kind: 'exited', exitCode: 3, signal: null }])
    expect(ended.state).toEqual({ kind: 'ended', exitCode: 3, reason: 'The shell ended with code 3.' })
    expect(applyEvents([{ kind: 'retry' }, lost, { kind: 'step', step: 'reaching' }], ended)).toBe(ended)
  })

  test('ends with its pod, whatever it was doing', () => {
    const over: TerminalEvent = { kind: 'close', reason: 'The pod is stopped.' }
    for (const events of [[], [opened], [opened, lost]])
      expect(applyEvents([...events, over]).state).toMatchObject({
        kind: 'ended',
        reason: 'The pod is stopped.',
      })
    const exited = applyEvents([opened, { kind: 'exited', exitCode: 0, signal: null }])
    expect(applyEvents([over], exited)).toBe(exited)
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
  { kind: 'close', reason: 'The pod is gone.' },
)

test('in any sequence of events, only the user restarts a failed or ended terminal', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let life = newTerminalLifecycle
      for (const [index, event] of events.entries()) {
        const before = life.state.kind
        life = withTerminalEvent(life, event, instant(index * SECOND_MS), 0.5)
        if ((before === 'failed' || before === 'ended') && event.kind !== 'connect')
          expect(life.state.kind).toBe(before)
        if (life.state.kind === 'open') expect(life.wasOpen).toBe(true)
        if (life.state.kind === 'waiting') expect(life.wasOpen).toBe(true)
      }
    }),
  )
})
