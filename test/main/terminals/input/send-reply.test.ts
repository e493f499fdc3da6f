import { expect, test } from 'vitest'
import { sendReply } from '../../../../src/main/terminals/input/session-input'

/** A shell whose server takes nothing. */
function stuckShell() {
  let unsent = ''
  return {
    unsent: () => unsent,
    unsentBytes: () => unsent.length,
    write: (bytes: Uint8Array) => void (unsent += Buffer.from(bytes).toString()),
    takeAll: () => void (unsent = ''),
  }
}

const REPLY = '\u001B[1;1R'

test('replies that nobody reads are kept up to 64 KB and one reply more, and then dropped', () => {
  const shell = stuckShell()
  for (let asked = 0; asked < 100_000; asked++) sendReply(shell, REPLY)
  expect(shell.unsentBytes()).toBeGreaterThan(64 * 1024)
  expect(shell.unsentBytes()).toBeLessThanOrEqual(64 * 1024 + REPLY.length)
})

test('a reply that would come after a long paste is dropped; the paste is not, and the next reply is sent', () => {
  const shell = stuckShell()
  const paste = 'x'.repeat(64 * 1024 + 1)
  shell.write(Buffer.from(paste))
  sendReply(shell, REPLY)
  expect(shell.unsent()).toBe(paste)
  shell.takeAll()
  sendReply(shell, REPLY)
  expect(shell.unsent()).toBe(REPLY)
})

test('a reply without a shell goes nowhere', () => {
  expect(() => sendReply(null, REPLY)).not.toThrow()
})
