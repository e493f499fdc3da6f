import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type BareXterm, drawnHtml, openBareXterm } from '../../harness/app/faults/bare-xterm'
import type { TerminalHarness } from '../../harness/app/start/terminal-harness'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import { waitUntil } from '../../harness/app/act/wait-until'

/*
 * Runs vttest on a real server through the app. Each of its screens must match what xterm.js alone renders from the
 * same bytes, and each query of vttest must get exactly one reply.
 */

export function describeVttest(app: SharedTerminalApp): void {
  describe('vttest', () => {
    let harness: TerminalHarness
    let bare: BareXterm
    let fed = 0
    /** The number of its bytes at the last screen, and the input typed since. */
    let seen = 0
    let typed = ''

    beforeAll(async () => {
      harness = await app.openTerminal('on its page')
      await harness.resizeTo(80, 24)
      // vttest asks what the terminal is as it starts and takes a late reply for input, so it waits for a terminal at rest.
      await harness.type(
        `SHELL=/bin/sh script -q -f --log-out "$HOME/said" --log-in "$HOME/heard" -c 'stty cols 80 rows 24; echo at re""st; read -r go; vttest'\r`,
      )
      await harness.page.emulateMedia({ colorScheme: 'dark' })
      bare = await openBareXterm(harness.page, { columns: 80, rows: 24, isLikeOurs: true })
      await waitUntil('the terminal to be ready', async () => (await harness.text()).includes('at rest'))
      await press('\r')
      await screen(MENU)
    })

    /** The program's output so far; the log's first line comes from the recorder. */
    function log(name: string): Buffer {
      const all = readFileSync(join(harness.home, name))
      return all.subarray(all.indexOf('\n') + 1)
    }

    const MENU = /choice number \(0 - \d+\): *$/
    const PUSH = /Push (<RETURN>|the RETURN key)/

    /** Gives xterm.js what the log holds by now; false when it held nothing new. */
    async function feed(): Promise<boolean> {
      const said = log('said')
      if (said.length === fed) return false
      await bare.write(said.subarray(fed))
      fed = said.length
      return true
    }

    /**
     * The next screen that waits for input, which must be equal in both. The app may show bytes before they are read from
     * the log, so both waits feed what has arrived meanwhile.
     */
    async function screen(waits: RegExp): Promise<string> {
      let here: readonly string[] = []
      let there: readonly string[] = []
      await waitUntil('vttest to wait for input', async () => {
        if (await feed()) return false
        // Requires more than the echo of the input; otherwise it is still the previous screen.
        return fed > seen + typed.length + 1 && waits.test(await harness.text())
      })
      await waitUntil('the app to show the screen that xterm.js shows', async () => {
        await feed()
        // What the app showed before may have been the previous screen, which waited, too.
        const isWaiting = waits.test(await harness.text())
        ;[here, there] = [await drawnHtml(harness.page), await bare.html()]
        return isWaiting && here.join('\n') === there.join('\n')
      }).catch((error: unknown) => {
        expect(here).toEqual(there)
        throw error
      })
      seen = fed
      return harness.text()
    }

    async function press(keys: string): Promise<void> {
      typed = keys
      await harness.type(keys)
    }

    /** Navigates the menus to a test, goes through all of its screens, and returns. */
    async function run(path: readonly number[]): Promise<string[]> {
      const screens: string[] = []
      for (const choice of path) {
        await press(`${choice}\r`)
        screens.push(await screen(new RegExp(`${MENU.source}|${PUSH.source}`)))
      }
      while (!MENU.test(screens.at(-1) ?? '')) {
        await press('\r')
        screens.push(await screen(new RegExp(`${MENU.source}|${PUSH.source}`)))
      }
      while (!/VT100 test program/.test(await harness.text())) {
        await press('0\r')
        await screen(MENU)
      }
      return screens
    }

    /** Runs it and expects one reply to each query, equal to that of xterm.js alone. */
    async function runAnswered(path: readonly number[]): Promise<string[]> {
      const heardBytes = log('heard').length
      const before = (await bare.answers()).length
      const seen = await run(path)
      const keys = /\d*\r/g
      const answers = (await bare.answers()).slice(before).join('')
      await expect
        .poll(() => log('heard').subarray(heardBytes).toString('latin1').replace(keys, ''))
        .toBe(answers)
      return seen
    }

    const TIMEOUT = { timeout: 120_000 }

    test('cursor movements match xterm.js', TIMEOUT, async () => {
      const [frame = ''] = await run([1])
      const lines = frame.split('\n')
      expect(lines).toHaveLength(24)
      // "an unbroken border of *'s and +'s around the edge"
      expect([lines[0], lines[23]]).toEqual(['*'.repeat(80), '*'.repeat(80)])
      expect(lines[1]).toBe(`*${'+'.repeat(78)}*`)
    })

    test('screen features match xterm.js', TIMEOUT, async () => {
      expect((await run([2])).length).toBeGreaterThan(8)
    })

    test('character sets match xterm.js', TIMEOUT, async () => {
      const [sets] = await run([3])
      expect(sets).toContain('◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·')
    })

    test.each([1, 2, 3, 4, 5, 6, 7])(
      'report test %i gets one reply to each query',
      TIMEOUT,
      async (which) => {
        await runAnswered([6, which])
      },
    )

    test('VT102 features match xterm.js', TIMEOUT, async () => {
      const seen = await run([8])
      const screenOf = (about: RegExp): string[] => seen.find((one) => about.test(one))?.split('\n') ?? []
      // "Top line: A's, bottom line: X's, this line, nothing more"
      const accordion = screenOf(/nothing more/)
      expect([accordion[0], accordion.at(-1)]).toEqual(['A'.repeat(80), 'X'.repeat(80)])
      expect(accordion.filter((line) => line !== '')).toHaveLength(3)
      // "The top line should be 'A*** ... ***B'"
      expect(screenOf(/Insert Mode/)[0]).toBe(`A${'*'.repeat(78)}B`)
    })

    test.each([2, 3, 4, 5, 6, 7, 8, 9])('color test %i matches xterm.js', TIMEOUT, async (which) => {
      expect((await run([11, 6, which])).length).toBeGreaterThan(1)
    })
  })
}
