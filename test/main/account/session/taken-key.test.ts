import { describe, expect, test } from 'vitest'
import { fail } from '../../../../src/core/base/result'
import { FULL_KEY, READ_ONLY_KEY } from '../../../../src/simulator/simulator'
import {
  bench,
  keyring,
  startRunpod,
  workingKeyring,
} from '../../../harness/data-folder/account-session-fixture'

async function started(over: Parameters<typeof bench>[0] = {}) {
  const runpod = await startRunpod({ pods: [], accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  return bench({ baseUrl: `${runpod.url}/v2`, keyring: workingKeyring, ...over })
}

describe('a key that was taken', () => {
  test('is cleared from the clipboard', async () => {
    const b = await started()
    b.clipboard = `  ${FULL_KEY}\n`
    expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted', storage: 'system-keyring' })
    expect(b.clipboard).toBe('')
  })

  test('leaves what was copied meanwhile', async () => {
    const b = await started()
    b.clipboard = FULL_KEY
    const pasted = b.session.pasteKey()
    await Promise.resolve()
    b.clipboard = 'something else'
    expect(await pasted).toMatchObject({ kind: 'accepted' })
    expect(b.clipboard).toBe('something else')
  })

  test('stays where no keyring keeps it, since the clipboard may have the only copy', async () => {
    const b = await started({ keyring: keyring({ encrypt: fail('none'), decrypt: fail('none') }) })
    b.clipboard = FULL_KEY
    expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted', storage: 'session-only' })
    expect(b.clipboard).toBe(FULL_KEY)
  })
})

test('a key that is refused, or that nobody agreed to add, stays on the clipboard', async () => {
  const b = await started()
  b.clipboard = `rpa_${'UNKNOWN'.repeat(6)}`
  const refused = b.clipboard
  expect(await b.session.pasteKey()).not.toMatchObject({ kind: 'accepted' })
  expect(b.clipboard).toBe(refused)
  b.clipboard = FULL_KEY
  await b.session.pasteKey()
  b.isAgreed = false
  b.clipboard = READ_ONLY_KEY
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'undecided' })
  expect(b.clipboard).toBe(READ_ONLY_KEY)
})
