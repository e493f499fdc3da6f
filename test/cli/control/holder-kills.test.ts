import { setTimeout as wait } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { startCli } from '../../harness/cli/cli'
import { actionsOf, quickPod as pod, startWatched } from '../../harness/cli/watched'
import { useRealCli } from '../../harness/cli/real-program'

useRealCli()

/* The watch is killed at any moment of a stop that a command handed to it. */

/** A stop takes about as long, with a second to take it back. */
const SPAN_MS = 2_500

test.each([0.3, 0.7])(
  'a stop whose watch is killed after %f of its time is not sent twice, and the command says the truth',
  async (part) => {
    const { runpod, command, watch } = await startWatched([pod('a')], {}, true)
    const stopping = startCli(command('stop', 'a'))
    await wait(SPAN_MS * part)
    watch.child.kill('SIGKILL')
    const { code, stderr } = await stopping.exited
    const sent = actionsOf(runpod)
    const said = outcomeOf(code, stderr)
    expect([said, sent, isTrue(said, sent)]).toEqual([said, sent, true])
    // The next one finds out what became of it, and sends nothing more.
    const next = startCli(command('watch', '--log', 'json'))
    await next.waitForOutput(/"event":"account"/)
    const requests = runpod.requests.length
    await vi.waitFor(() => expect(runpod.requests.length).toBeGreaterThan(requests + 1), { timeout: 60_000 })
    expect(actionsOf(runpod)).toEqual(sent)
  },
)

function outcomeOf(code: number | null, stderr: string): string {
  if (code === 0) return 'stopped'
  // 6: it was killed before it said anything to the command.
  if ((code === 1 || code === 6) && /nothing was done/i.test(stderr)) return 'nothing was done'
  if (code === 4 && stderr.includes('before the stop of a was sent')) return 'not sent'
  if (code === 4 && stderr.includes('after it began to send the stop of a')) return 'perhaps sent'
  return `${code}: ${stderr}`
}

function isTrue(said: string, sent: readonly string[]): boolean {
  const isSentOnce = sent.length === 1 && sent[0] === 'stop a'
  switch (said) {
    case 'stopped':
      // Killed too early, the command found nobody and stopped it itself; killed late, it was done already.
      return isSentOnce
    case 'nothing was done':
    case 'not sent':
      return sent.length === 0
    case 'perhaps sent':
      return sent.length === 0 || isSentOnce
    default:
      return false
  }
}
