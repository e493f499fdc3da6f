import { beforeAll, describe, expect, test } from 'vitest'
import { axeFaults } from '../../harness/app/look/axe'
import { capture } from '../../harness/app/look/capture'
import { type PictureApp, resetPages } from '../../harness/app/look/picture-app'
import { showState } from '../../harness/app/states/show-state'
import { serveTerminals, showTerminals } from '../../harness/app/states/show-terminals'
import { sampleKeys, sampleTerminals } from '../../harness/app/states/sample-terminals'
import { windowStates } from '../../harness/app/states/window-states'
import { waitUntil } from '../../harness/app/act/wait-until'

const WIDTHS = [360, 900, 1_400] as const
const HEIGHT = 800

const ESC = '\u001B'
const prompt = `${ESC}[32mroot@llama-70b-sft${ESC}[0m:${ESC}[94m/workspace${ESC}[0m# `
const screen = [
  `${prompt}nvidia-smi --query-gpu=index,name,utilization.gpu,memory.used,power.draw --format=csv,noheader`,
  '0, NVIDIA H100 80GB HBM3, 94%, 71034 MiB, 662.10 W',
  '1, NVIDIA H100 80GB HBM3, 92%, 70988 MiB, 655.41 W',
  `loss ${ESC}[38;2;255;120;40m1.0791${ESC}[0m, ${ESC}[1mbold${ESC}[0m, e\u0301`,
  'step 14220/20000 loss 1.0791 lr 8.1e-06 tok/s 41.3k eta 02:57:24',
  prompt,
].join('\r\n')

/** Terminals below the pods and on their own page, in every state. */
export function describeTerminals(app: () => PictureApp): void {
  describe('terminals', () => {
    beforeAll(async () => {
      await resetPages(app())
      await serveTerminals(app().running.app, { screen, keys: sampleKeys })
      await showState(
        app().running.app,
        app().main,
        windowStates.find(({ name, window }) => name === 'pods' && window === 'main')!,
      )
    })

    const toPage = (name: string): Promise<void> =>
      app().main.getByRole('navigation').getByRole('button', { name, exact: true }).click()

    const SCHEMES = ['light', 'dark'] as const
    type Look = `${number}-${(typeof SCHEMES)[number]}`
    const ALL_LOOKS: readonly Look[] = ['360-light', '900-light', '900-dark', '1400-light']

    async function inspect(name: string, widths: readonly number[], looks: readonly Look[]): Promise<void> {
      const problems: string[] = []
      for (const width of widths) {
        await app().main.setViewportSize({ width, height: HEIGHT })
        await app().main.mouse.move(0, 0)
        await settle()
        const pixels = await app().main.evaluate(
          '[document.documentElement, document.querySelector("main"), document.querySelector(".screen-cover")].map((e) => e === null ? 0 : e.scrollWidth - e.clientWidth)',
        )
        expect({ width, pixels }).toEqual({ width, pixels: [0, 0, 0] })
        for (const colorScheme of SCHEMES) {
          if (!looks.includes(`${width}-${colorScheme}`)) continue
          await app().main.emulateMedia({ colorScheme })
          await settle()
          const problem = app().baselines.problem(
            `terminal-${name}-${width}-${colorScheme}`,
            await capture(app().main),
          )
          if (problem !== null) problems.push(problem)
        }
      }
      for (const colorScheme of SCHEMES) {
        await app().main.emulateMedia({ colorScheme })
        await settle()
        expect(await axeFaults(app().main, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
      }
      expect(problems).toEqual([])
      expect(await app().main.evaluate('document.getAnimations().length')).toBe(0)
      expect([...new Set(app().consoleMessages())].map((text) => text.slice(0, 160))).toEqual([])
    }

    /** Waits until the terminal's grid fits its container and is drawn. */
    async function settle(): Promise<void> {
      await waitUntil('the terminal to fit', () =>
        app().main.evaluate<boolean>(`(() => {
      const place = document.querySelector('.screen')
      const rows = place?.querySelector('.xterm-rows')
      if (!place || !rows) return place === null
      const row = rows.firstElementChild.getBoundingClientRect().height
      return rows.childElementCount === Math.max(1, Math.floor(place.clientHeight / row))
    })()`),
      )
      // What main kept of the screen comes with the answer to attaching.
      await waitUntil('what the terminal shows', () =>
        app().main.evaluate<boolean>(`(() => {
      const rows = document.querySelector('.screen .xterm-rows')
      return rows === null || rows.textContent.includes('root@llama')
    })()`),
      )
      // A new theme is drawn in another frame than the rest of the page.
      await waitUntil('the terminal in the colors of the page', () =>
        app().main.evaluate<boolean>(`(() => {
      const screen = document.querySelector('.screen .xterm-scrollable-element')
      if (screen === null) return true
      const [red = 0] = (getComputedStyle(screen).backgroundColor.match(/\\d+/g) ?? []).map(Number)
      return (red < 128) === matchMedia('(prefers-color-scheme: dark)').matches
    })()`),
      )
      // It is visible for a moment after each resize.
      await waitUntil('the scrollbar to hide', () =>
        app().main.evaluate<boolean>(
          'document.querySelector(".screen .scrollbar.visible") === null && document.getAnimations().length === 0',
        ),
      )
      await app().main.evaluate(
        'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
      )
    }

    test('the page without a terminal shows which pods can have one', async () => {
      await showTerminals(app().running.app, app().main, [])
      await toPage('Terminals')
      await inspect('none', WIDTHS, ['360-light', '900-light', '900-dark'])
      await toPage('Pods')
    })

    /** Shows these terminals and selects the first one. */
    async function show(name: string): Promise<void> {
      const terminals = sampleTerminals[name]!
      await showTerminals(app().running.app, app().main, terminals)
      await expect.poll(() => app().main.getByRole('tab').count()).toBe(terminals.length)
      await app().main.getByRole('tab').first().click()
      await app().main.evaluate('document.activeElement.blur()')
    }

    test.each(Object.keys(sampleTerminals))(
      'a terminal below the pods is shown in the state "%s"',
      async (name) => {
        await show(name)
        await inspect(
          `dock-${name}`,
          name === 'open' ? WIDTHS : [900],
          name === 'open' ? ALL_LOOKS : ['900-light'],
        )
      },
    )

    test.each(Object.keys(sampleTerminals))(
      'a terminal on its page is shown in the state "%s"',
      async (name) => {
        await toPage('Terminals')
        await show(name)
        await inspect(`page-${name}`, WIDTHS, name === 'open' ? ALL_LOOKS : ['900-dark'])
      },
    )

    test('folded terminals leave their bar below the pods', async () => {
      await toPage('Pods')
      await show('open')
      await app().main.getByRole('button', { name: 'Hide terminals' }).click()
      await inspect('dock-folded', [900], ['900-light'])
      await app().main.getByRole('button', { name: 'Show terminals' }).click()
    })

    test('a question that covers a focused terminal takes the focus', async () => {
      await toPage('Pods')
      await show('connecting')
      await app().main.locator('.xterm-helper-textarea').focus()
      await showTerminals(app().running.app, app().main, sampleTerminals['host-key-after-restart']!)
      await expect
        .poll(() => app().main.evaluate('document.activeElement.textContent'))
        .toBe('Show the question')
    })
  })
}
