import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { attacks } from '../../harness/app/faults/hostile-bytes'
import { accountIdOf, actionsSent, card, terminalsView } from '../../harness/app/start/scene'
import { attackFromServer } from '../../harness/app/start/server-program'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import { openTerminalOf, PROMPT, type TerminalHarness } from '../../harness/app/start/terminal-harness'
import { terminalProcessIds } from '../../harness/app/start/terminal-process-id'
import { waitUntil } from '../../harness/app/act/wait-until'
import { watchPauses } from '../../harness/app/act/watch-pauses'

/* What a pod prints, from a program on a real server, cannot stop the app or take its memory. */

const SLOW = { timeout: 180_000 }
/** Requests have a rate limit. */
const CALM = { interval: 300 }

const terminals = async ({ page }: TerminalHarness) => (await terminalsView(page)).terminals

/** A window can draw output before its process is started, and one that was killed may be listed beside the next. */
const processIdOf = ({ scene }: TerminalHarness): Promise<number> =>
  waitUntil('the only terminal process', async () => {
    const [id, ...more] = await terminalProcessIds(scene.running.app)
    return more.length === 0 && id
  })

/** Draws the terminal anew, from what the terminal process has of it. */
async function reload(harness: TerminalHarness): Promise<void> {
  await harness.page.reload()
  await show(harness, 'Terminals')
}

const show = ({ page }: TerminalHarness, name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name, exact: true }).click()

/** As in the guard's tests: a stop is due 8.4 s after the pod is idle. */
const QUIET_MS = 8_400

const NEAR_MS = 5_000

/** For `describeAttacks`: settings by which an idle pod is stopped soon. No pod is idle before. */
export const SOON_STOPPED = {
  idleAlertAfterMin: 0.05,
  autoStopAfterMin: QUIET_MS / 60_000,
  autoStopFirstWarningMin: 0.09,
  autoStopLastWarningMin: 0.03,
}

/** Enough for each attack to be at work for a moment; the benchmark sends all of it. */
const SHARE = 1 / 5

/** Whether a stop is due in less than the time of the attacks, which need a processor all the while. */
const isStopNear = (page: Page): Promise<boolean> =>
  page.evaluate(`window.app.snapshot().then(({ value }) => value.pods.some(({ guard }) =>
    guard.autoStop.kind === 'planned' && guard.autoStop.atMs - value.atMs < ${NEAR_MS}))`)

export function describeAttacks(app: SharedTerminalApp): void {
  describe('attacks', () => {
    const sleepy = {
      id: 'sleepy',
      name: 'sleepy',
      mode: 'idle',
      gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
      persistent: { sizeGb: 20, path: '/workspace' },
      stoppingS: 1,
    } as const
    let harness: TerminalHarness
    beforeAll(async () => {
      harness = await app.openTerminal('on its page')
      harness.scene.runpod.addPod(sleepy)
    })

    test('do not delay a stop by the guard, and the terminal survives each of them', SLOW, async () => {
      const endOfWatch = await watchPauses(harness.scene.running.app)
      await harness.page.evaluate(`window.app.setAutoStop('${await accountIdOf(harness.page)}', 'all')`)
      const isStopped = (): boolean => actionsSent(harness.scene).includes('stop sleepy')
      await waitUntil('the stop to be near', () => isStopNear(harness.page))
      for (const [name, source] of Object.entries(attacks(SHARE)))
        await attackFromServer(harness, source, `after ${name}`)
      // Until it is due.
      while (!isStopped())
        await attackFromServer(harness, attacks(SHARE)['scrolls by 999 lines'] ?? '', 'more')
      expect(actionsSent(harness.scene)).toEqual(['stop sleepy'])
      await harness.type(`echo us''able\r`)
      await expect.poll(harness.text).toContain('usable')
      const { longestMs, mostWorkMs } = await endOfWatch()
      console.info(
        `main's longest pause: ${longestMs.toFixed(0)} ms, ${mostWorkMs.toFixed(0)} ms of them work`,
      )
      // The benchmark has the exact limit, for a machine that does nothing else.
      expect(mostWorkMs).toBeLessThan(250)
    })
  })
}

export function describeProcess(app: SharedTerminalApp): void {
  describe('the terminal process', () => {
    let harness: TerminalHarness
    beforeAll(async () => {
      harness = await app.openTerminal('on its page')
    })

    test('has no environment of the app, and a heap limit', async () => {
      const id = await processIdOf(harness)
      const fileOf = (name: string): string => readFileSync(`/proc/${id}/${name}`, 'latin1')
      await expect.poll(() => fileOf('environ')).toBe('LANG=C\0')
      await expect.poll(() => fileOf('cmdline')).toContain('--js-flags=--max-old-space-size=512')
    })

    test('that ends is replaced, and the terminal is as it was', async () => {
      await harness.type(`printf '\\033[1;32mgre''en\\033[0m\\n'\r`)
      await expect.poll(harness.text).toContain('green')
      const before = await processIdOf(harness)
      process.kill(before, 'SIGKILL')
      await waitUntil('another process', async () => {
        const [now] = await terminalProcessIds(harness.scene.running.app)
        return now !== undefined && now !== before
      })
      expect((await harness.terminal()).state.kind).toBe('open')
      await reload(harness)
      await expect.poll(harness.text).toContain('green')
      await harness.type('echo and-$((40+2))\r')
      await expect.poll(harness.text).toMatch(/green[^]*and-42/)
    })

    test('that hangs closes the terminal at work with a reason; the other one stays', SLOW, async () => {
      await show(harness, 'Pods')
      await openTerminalOf(harness, true)
      const [first, second] = (await terminals(harness)).map(({ id }) => id)
      if (first === undefined || second === undefined) throw new Error('there are not two terminals')
      // Has a size of its own from now on: the shell draws its prompt anew when that changes.
      await screenOf(harness, first)
      await harness.type('echo calm-$((1+1))\r', first)
      const before = await processIdOf(harness)
      // Nothing of the first terminal is at work any more.
      await waitUntil('the echo and the prompt after it', async () =>
        (await screenOf(harness, first)).split('calm-2')[1]?.includes(PROMPT.trim()),
      )
      const endOfWatch = await watchPauses(harness.scene.running.app)
      process.kill(before, 'SIGSTOP')
      await harness.type('echo anything\r', second)
      const stateOf = async (id: string) => (await terminals(harness)).find((one) => one.id === id)?.state
      await expect
        .poll(() => stateOf(second), CALM)
        .toMatchObject({
          kind: 'ended',
          reason: 'Podkeeper closed this shell because its output took too long to process.',
        })
      expect((await endOfWatch()).mostWorkMs).toBeLessThan(250)
      expect(await stateOf(first)).toEqual({ kind: 'open' })
      await waitUntil('its screen', async () => (await screenOf(harness, first)).includes('calm-2'))
      expect(await processIdOf(harness)).not.toBe(before)
      await harness.page.evaluate(`window.app.retryTerminal(${JSON.stringify(second)})`)
      await expect.poll(() => stateOf(second), CALM).toEqual({ kind: 'open' })
      await harness.type('echo new-$((1+1))\r', second)
      await waitUntil('the new shell', async () => (await screenOf(harness, second)).includes('new-2'))
    })

    test('ends with the last terminal', async () => {
      for (const { id } of await terminals(harness))
        await harness.page.evaluate(`window.app.closeTerminal(${JSON.stringify(id)})`)
      await waitUntil(
        'no terminal process',
        async () => (await terminalProcessIds(harness.scene.running.app)).length === 0,
      )
      await show(harness, 'Pods')
      await card(harness.page, 'llama').waitFor()
    })
  })
}

/** As a window gets it that attaches now; nothing where it has asked too often. */
const screenOf = ({ page }: TerminalHarness, id: string): Promise<string> =>
  page.evaluate(
    `window.app.attachTerminal(${JSON.stringify(id)}, { columns: 80, rows: 24 }).then(({ value }) => value?.screen ?? '')`,
  )
