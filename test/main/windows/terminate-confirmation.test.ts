import { describe, expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { type AccountId, podKeyOf } from '../../../src/core/pods/pod'
import type { AccountSession } from '../../../src/main/account/account-session-types'
import type { QuestionSource } from '../../../src/main/windows/prompt-window'
import { createTerminateConfirmation } from '../../../src/main/windows/terminate-confirmation'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'
import { pod } from '../../harness/samples/pods'

/* Who asks in the app's own window: a person or an API token, and never the one in the other's place. */

const keyOf = (podId: string, accountId: AccountId = 'a') => podKeyOf(accountId, podId)

/** Pods are read when the test lets them be. */
function open() {
  const reads: { readonly podId: string; readonly finish: (isRead: boolean) => void }[] = []
  let source: QuestionSource | null = null
  const monitor = {
    accountPods: () => ({ accountId: 'a', pods: ['x', 'y'].map((id) => pod({ id, name: id })) }),
    refreshPod: (podId: string) =>
      new Promise((resolve) => {
        reads.push({ podId, finish: (isRead) => resolve(isRead ? ok(true) : fail('offline')) })
      }),
  }
  const session = {
    monitor: () => monitor,
    withMonitor: (_id: AccountId, run: (given: typeof monitor) => unknown) => run(monitor),
  } as unknown as Pick<AccountSession, 'monitor' | 'withMonitor'>
  const confirmation = createTerminateConfirmation({
    clock: createFakeClock(),
    session,
    promptWindow: {
      addSource(added) {
        source = added
        return () => {}
      },
    },
  })
  return {
    confirmation,
    reads,
    shown: () => {
      const view = source?.view() ?? null
      return view && [view.title, ...view.lines.map(({ text }) => text)]
    },
  }
}

const ASKED = 'The API token “ci” asks for this.'

describe('a question of an API token', () => {
  test('says who asks', async () => {
    const { confirmation, reads, shown } = open()
    const asked = confirmation.requestForToken(keyOf('x'), 'ci')
    reads[0]?.finish(true)
    expect(await asked).toEqual(ok(undefined))
    expect(shown()).toEqual(expect.arrayContaining(['Terminate x?', ASKED]))
  })

  test('never takes the place of one that a person asked for, be it open or about to open', async () => {
    const { confirmation, reads, shown } = open()
    const mine = confirmation.request(keyOf('x'), 'terminate')
    expect((await confirmation.requestForToken(keyOf('y'), 'ci')).ok).toBe(false)
    reads[0]?.finish(true)
    await mine
    expect((await confirmation.requestForToken(keyOf('y'), 'ci')).ok).toBe(false)
    expect(shown()?.[0]).toBe('Terminate x?')
    expect(shown()).not.toContain(ASKED)
  })

  test('is gone once a person asks for something else, whether that can be shown or not', async () => {
    for (const isRead of [true, false]) {
      const { confirmation, reads, shown } = open()
      void confirmation.requestForToken(keyOf('x'), 'ci')
      reads[0]?.finish(true)
      await flushPromises()
      expect(shown()).toContain(ASKED)
      const mine = confirmation.request(keyOf('y'), 'terminate')
      reads[1]?.finish(isRead)
      expect((await mine).ok).toBe(isRead)
      expect(shown()?.[0]).toBe(isRead ? 'Terminate y?' : undefined)
      expect(shown() ?? []).not.toContain(ASKED)
    }
  })
})
