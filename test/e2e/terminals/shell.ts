import type { Locator, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import { searchColors } from '../../../src/renderer/terminal/screen/search-colors'
import {
  answerQuestion,
  confirmByKeyboard,
  confirmWindows,
  questionTitled,
  trustHostKey,
} from '../../harness/app/act/questions'
import { card, type Scene, screenshot } from '../../harness/app/start/scene'
import { freshMainWindow } from '../../harness/app/start/terminal-app'
import { waitUntil } from '../../harness/app/act/wait-until'

/* A shell on a simulated pod in the window, from the card's button to the restrictions on programs in the pod. */

const ESC = '\u001B'
const BEL = '\u0007'
const ST = `${ESC}\\`

/** What a malicious program would write. */
const hostile = [
  `${ESC}]52;c;?${BEL}`,
  `${ESC}[21t${ESC}[14t${ESC}[18t`,
  `${ESC}]0;<img src=x onerror=alert(1)>\u202Eevil${BEL}`,
  `${ESC}]8;;javascript:alert(1)${ST}click-me${ESC}]8;;${ST}`,
  ` ${ESC}]8;;file:///etc/passwd${ST}read-me${ESC}]8;;${ST}`,
  ` ${ESC}]8;;https://evil.example/${ST}https://good.example/${ESC}]8;;${ST}`,
  ` ${ESC}[38;2;255;120;40mcoloured${ESC}[0m`,
].join('')
/** What a program writes to copy something. */
const copying = `${ESC}]52;c;${Buffer.from('from the pod').toString('base64')}${BEL}asked`

/** For `describeShell`. */
export const shellPods: readonly SimulatedPodSpec[] = [
  { id: 'a', name: 'alpha', mode: 'training', costPerHourUsd: 3, env: { HOSTILE: hostile } },
  { id: 'b', name: 'beta', mode: 'training', costPerHourUsd: 1, env: { COPYING: copying } },
  { id: 'c', name: 'gamma', mode: 'stopped' },
]

export function describeShell(sceneOf: () => Scene): void {
  describe('a shell', () => {
    let scene: Scene
    let window: Page
    const consoleErrors: string[] = []

    beforeAll(async () => {
      scene = sceneOf()
      window = await freshMainWindow(scene)
      await window.emulateMedia({ colorScheme: 'dark' })
      window.on('console', (message) => consoleErrors.push(message.text()))
      window.on('pageerror', (error) => consoleErrors.push(error.message))
    })

    const dock = (): Locator => window.getByRole('region', { name: 'Terminals' })
    const tab = (name: string): Locator => window.getByRole('tab', { name: new RegExp(`^${name} ?,`) })
    const rows = async (): Promise<string> =>
      (await window.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll('\u00A0', ' ')
    const lastLine = async (): Promise<string> => (await rows()).trimEnd().split('\n').at(-1) ?? ''
    /** The last line once a command has ended, after which no output moves the lines. */
    const PROMPT = /^root@alpha:\S*# *$/
    const focusedRole = () => window.evaluate('document.activeElement.getAttribute("role")')
    const focusedText = () => window.evaluate('document.activeElement.textContent')
    const hasFocus = (): Promise<boolean> =>
      window.evaluate("document.activeElement.classList.contains('xterm-helper-textarea')")
    const clipboard = (): Promise<string> =>
      scene.running.app.evaluate((electron) => electron.clipboard.readText())
    const setClipboard = (text: string): Promise<void> =>
      scene.running.app.evaluate((electron, value) => electron.clipboard.writeText(value), text)

    /** The center of the latest `text`, whose element is recreated as soon as the pointer reaches it. */
    async function placeOf(text: string): Promise<readonly [x: number, y: number]> {
      const span = window.locator('.xterm-rows span', { hasText: text }).last()
      const box = await waitUntil(`${text} to be seen`, () => span.boundingBox().catch(() => null))
      return [box.x + Math.min(box.width, text.length * 7) / 2, box.y + box.height / 2]
    }

    async function run(command: string, expected: string | RegExp): Promise<void> {
      await expect.poll(hasFocus).toBe(true)
      await window.keyboard.type(command)
      await window.keyboard.press('Enter')
      await expect.poll(rows).toMatch(expected)
    }

    test('a click on the card asks once for the host key, and a shell opens with the focus in it', async () => {
      await card(window, 'alpha').getByRole('button', { name: 'Terminal on alpha' }).click()
      await expect.poll(() => dock().textContent()).toContain('Is this alpha?')
      expect(await dock().textContent()).toMatch(/SHA256:[A-Za-z0-9+/]{43}/)
      // The safe answer has the focus, in the app's own window, and one Tab leads to the other.
      const question = await questionTitled(scene.running, 'Is this alpha?')
      const shown = await question.textContent('main')
      expect(shown).toMatch(/root@127\.0\.0\.1:\d+ is new to Podkeeper/)
      expect(shown).toMatch(/ed25519 SHA256:[A-Za-z0-9+/]{43}/)
      await confirmByKeyboard(question, 'Trust this key')
      await expect.poll(rows).toContain('root@alpha')
      await expect.poll(hasFocus).toBe(true)
      await expect.poll(() => dock().textContent()).toMatch(/direct · 127\.0\.0\.1:\d+ · ed25519 verified/)
      await run('echo hi-42', /\nhi-42\n/)
    })

    test('colors are displayed without a policy violation', async () => {
      const colourOf = (text: string): Promise<string> =>
        window
          .locator('.xterm-rows span', { hasText: text })
          .first()
          .evaluate((span) => (globalThis as any).getComputedStyle(span).color)
      const plain = await colourOf('hi-42')
      expect(await colourOf('root@alpha')).not.toBe(plain)
      await run('env', /coloured/)
      // Its element is replaced when what follows moves the lines.
      await expect.poll(() => colourOf('coloured')).toBe('rgb(255, 120, 40)')
      expect(consoleErrors).toEqual([])
    })

    test('a hostile program gets no reply, no link and no markup', async () => {
      await setClipboard('mine')
      await run('echo calm', /\ncalm\n/)
      // Any reply from the terminal would appear on the line.
      await expect.poll(lastLine).toMatch(PROMPT)
      expect(await clipboard()).toBe('mine')
      expect(await window.locator('img').count()).toBe(0)
      await expect.poll(() => tab('alpha').getAttribute('title')).toContain('<img src=x onerror=alert(1)>')
      await window.keyboard.down('Control')
      for (const text of ['click-me', 'read-me']) {
        const place = await placeOf(text)
        await window.mouse.move(...place)
        await window.mouse.click(...place)
      }
      await window.keyboard.up('Control')
      expect(scene.running.app.windows()).toHaveLength(2)
      expect(consoleErrors).toEqual([])
    })

    test('a link opens only on Ctrl+click, and its real address is shown first', async () => {
      const opened = await scene.running.app.evaluateHandle(({ shell }) => {
        const addresses: string[] = []
        shell.openExternal = (address) => {
          addresses.push(address)
          return Promise.resolve()
        }
        return addresses
      })
      const link = await placeOf('https://good.example/')
      await window.mouse.move(...link)
      await expect
        .poll(() => window.locator('.link-tip').textContent())
        .toBe('Ctrl-click opens https://evil.example/')
      await window.mouse.click(...link)
      expect(await opened.jsonValue()).toEqual([])
      const controlClick = async (): Promise<void> => {
        // Like a hand, through several cells, and from elsewhere: the window lost the pointer to the question.
        await window.mouse.move(link[0], link[1] + 100, { steps: 3 })
        await window.locator('.link-tip').waitFor({ state: 'hidden' })
        await window.mouse.move(...link, { steps: 3 })
        await window.locator('.link-tip').waitFor()
        await window.keyboard.down('Control')
        await window.mouse.click(...link)
        await window.keyboard.up('Control')
      }
      const answer = async (button: string): Promise<void> => {
        await answerQuestion(scene.running, 'Open evil.example in your browser?', button)
        await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
      }
      await controlClick()
      await answer('Cancel')
      expect(await opened.jsonValue()).toEqual([])
      await controlClick()
      await answer('Open link')
      await expect.poll(() => opened.jsonValue()).toEqual(['https://evil.example/'])
      // The host is asked about once.
      await controlClick()
      await expect.poll(() => opened.jsonValue()).toEqual(['https://evil.example/', 'https://evil.example/'])
      await window.mouse.move(0, 0)
    })

    test('several lines are pasted only after a confirmation, and without sequences that could end the paste', async () => {
      await dock().locator('.screen').click()
      await setClipboard(`echo one${ESC}[201~\r\necho two\n`)
      await window.keyboard.press('Control+Shift+V')
      const question = window.getByRole('dialog', { name: 'Paste this?' })
      await expect.poll(() => question.textContent()).toContain('This text has 2 lines')
      await expect.poll(focusedText).toBe('Cancel')
      await window.keyboard.press('Escape')
      await expect.poll(() => question.count()).toBe(0)
      await expect.poll(hasFocus).toBe(true)
      expect(await rows()).not.toContain('two')
      await window.keyboard.press('Control+Shift+V')
      await question.getByRole('button', { name: 'Paste', exact: true }).click()
      await expect.poll(rows).toMatch(/\none\[201~\n[^\n]*echo two\n+two/)
      await setClipboard('echo three')
      await expect.poll(hasFocus).toBe(true)
      await window.keyboard.press('Control+Shift+V')
      await expect.poll(lastLine).toMatch(/echo three$/)
      await window.keyboard.press('Enter')
    })

    test('the selection is copied by its shortcut', async () => {
      await setClipboard('before')
      await run('echo pick', /\npick\n/)
      await expect.poll(lastLine).toMatch(PROMPT)
      const [x, y] = await placeOf('pick')
      await window.mouse.dblclick(x, y)
      await window.keyboard.press('Control+Shift+C')
      await expect.poll(clipboard).toBe('pick')
    })

    /** Which of the colors of a search are on the screen's text, by theme. */
    async function drawnSearchColors(): Promise<readonly (readonly string[])[]> {
      // Without the ruler beside the text, over which the scrollbar is drawn for as long as the pointer is there.
      const { data } = PNG.sync.read(await dock().locator('.xterm-rows').screenshot())
      const drawn = new Set<number>()
      for (let at = 0; at < data.length; at += 4) drawn.add(data.readUIntBE(at, 3))
      return Object.values(searchColors).map((colors) =>
        (['match', 'currentMatch'] as const).filter((name) =>
          drawn.has(Number.parseInt(colors[name].slice(1), 16)),
        ),
      )
    }

    test('search finds, counts and steps through matches, and returns the focus', async () => {
      await run('echo needle needle', /\nneedle needle\n/)
      const lines = (): Promise<number> => dock().locator('.xterm-rows > div').count()
      const linesBefore = await lines()
      await window.keyboard.press('Control+Shift+F')
      await expect.poll(() => window.evaluate('document.activeElement.placeholder')).toBe('Search')
      await window.keyboard.press('Control+a')
      await window.keyboard.type('needle')
      const count = dock().getByRole('search').getByRole('status')
      await expect.poll(() => count.textContent()).toBe('4 of 4')
      await window.keyboard.press('Enter')
      await expect.poll(() => count.textContent()).toBe('3 of 4')
      // The current match is drawn in a color of its own, whichever theme the window has.
      await expect.poll(drawnSearchColors).toContainEqual(['match', 'currentMatch'])
      await screenshot(window, 'terminal-search-current')
      await dock().getByRole('button', { name: 'Regular expression' }).click()
      await dock().getByRole('search').getByRole('searchbox').fill('need[')
      await expect.poll(() => count.textContent()).toBe('invalid pattern')
      await dock().getByRole('search').getByRole('searchbox').fill('NEED.E')
      await expect.poll(() => count.textContent()).toMatch(/of 4$/)
      await dock().getByRole('button', { name: 'Match case' }).click()
      await expect.poll(() => count.textContent()).toBe('none')
      await screenshot(window, 'terminal-search')
      // It overlays the screen, so programs see no change of size.
      expect(await lines()).toBe(linesBefore)
      await dock().getByRole('search').getByRole('searchbox').press('Escape')
      await expect.poll(hasFocus).toBe(true)
    })

    test('tabs can be opened by keyboard on the same pod and on another one', async () => {
      await window.keyboard.press('Control+Shift+T')
      await expect.poll(() => tab('alpha \\(2\\)').getAttribute('aria-selected')).toBe('true')
      await expect.poll(lastLine).toMatch(/root@alpha/)
      await run('echo second', /\nsecond\n/)
      await window.keyboard.press('Control+Tab')
      await expect.poll(rows).toContain('needle')
      await expect.poll(hasFocus).toBe(true)
      await window.keyboard.press('Control+Shift+Digit2')
      await expect.poll(rows).toContain('second')
      await expect.poll(hasFocus).toBe(true)
      await window.keyboard.press('Control+Shift+PageUp')
      await expect.poll(() => window.getByRole('tab').allTextContents()).toHaveLength(2)
      await expect
        .poll(async () => await window.getByRole('tab').first().getAttribute('aria-selected'))
        .toBe('true')
      await window.keyboard.press('Control+Shift+L')
      await expect.poll(focusedRole).toBe('tab')
      await window.keyboard.press('F2')
      await expect.poll(() => window.evaluate('document.activeElement.tagName')).toBe('INPUT')
      await window.keyboard.type('training log')
      await window.keyboard.press('Enter')
      await expect.poll(() => tab('training log').count()).toBe(1)
      // The dialog gives the focus back once it is gone.
      await expect.poll(focusedRole).toBe('tab')
      await window.keyboard.press('Delete')
      await expect.poll(() => window.getByRole('dialog').textContent()).toContain('Close training log?')
      await expect.poll(focusedText).toBe('Cancel')
      await window.keyboard.press('Tab')
      await window.keyboard.press('Enter')
      await expect.poll(() => window.getByRole('tab').count()).toBe(1)
      await expect.poll(rows).toContain('needle')
      await expect.poll(hasFocus).toBe(true)
    })

    test('a program can copy only after the user has allowed it', async () => {
      await setClipboard('mine')
      await window.keyboard.press('Control+Shift+K')
      await window.keyboard.type('terminal on beta')
      await expect.poll(() => window.getByRole('option').first().textContent()).toContain('Terminal on beta')
      await window.keyboard.press('Enter')
      await trustHostKey(scene.running)
      await expect.poll(rows).toContain('root@beta')
      await expect.poll(hasFocus).toBe(true)
      // Nobody is asked for a window that isn't looked at, and the question left it without the focus.
      await expect
        .poll(() =>
          scene.running.app.evaluate(({ BrowserWindow }) => {
            const main = BrowserWindow.getAllWindows().find(({ webContents }) =>
              webContents.getURL().endsWith('window.html'),
            )
            main?.focus()
            return main?.isFocused()
          }),
        )
        .toBe(true)
      await run('env', /asked/)
      const asked = await questionTitled(scene.running, 'Let programs on beta copy to your clipboard?')
      expect(await asked.getByRole('region', { name: 'Text to copy' }).textContent()).toBe('from the pod')
      await screenshot(asked, 'copy-question')
      expect(await clipboard()).toBe('mine')
      await asked.getByRole('button', { name: 'Allow in this terminal' }).click()
      await expect.poll(clipboard).toBe('from the pod')
    })

    test('the terminal page has the same terminals with the same content', async () => {
      await window.getByRole('navigation').getByRole('button', { name: 'Terminals' }).click()
      await expect.poll(() => window.getByRole('heading', { name: 'Terminals', level: 1 }).count()).toBe(1)
      await expect.poll(rows).toContain('COPYING')
      await tab('alpha').click()
      await expect.poll(rows).toContain('needle')
      await run('echo still-here', /\nstill-here\n/)
      await screenshot(window, 'terminal-page')
    })

    test('a shell that ends says so, and Enter starts another one', async () => {
      await run('exit', /root@alpha/)
      await expect.poll(() => window.textContent('main')).toContain('Press Enter for a new one')
      await window.keyboard.press('Enter')
      await expect.poll(() => window.textContent('main')).toContain('verified')
      await run('echo again', /\nagain\n/)
    })

    test('terminals are still there after a reload', async () => {
      await window.reload()
      await window.getByRole('navigation').getByRole('button', { name: 'Terminals' }).click()
      await tab('alpha').click()
      await expect.poll(rows).toContain('again')
      await run('echo alive', /\nalive\n/)
      expect(consoleErrors).toEqual([])
    })
  })
}
