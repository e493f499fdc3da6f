import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { capture } from '../../harness/app/look/capture'
import { type PictureApp, resetPages } from '../../harness/app/look/picture-app'
import { costsStates } from '../../harness/app/states/costs-states'
import type { SampleMoney } from '../../harness/app/states/sample-costs'
import { serveCosts } from '../../harness/app/states/show-costs'
import { showState } from '../../harness/app/states/show-state'
import { windowStates } from '../../harness/app/states/window-states'

type Look = `${number}-${'light' | 'dark'}`

/** The other states differ in text and bars only. */
const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  usual: ['360-light', '900-light', '900-dark', '1400-light', '2000-light'],
  over: ['900-light', '900-dark'],
  'every-kind': ['1400-light', '1400-dark', '360-light'],
  many: ['360-light', '2000-light'],
}

/** How much wider or narrower than its container the chart is, px; 0 without a chart. */
const chartExcess = `(() => {
  const room = document.querySelector('.costs-chart')
  const svg = room?.querySelector('svg')
  return svg ? Math.round(svg.getBoundingClientRect().width - room.clientWidth) : 0
})()`

/** The costs page in every state, and the meter in both windows. test/browser/costs-page.test.ts has all else of them. */
export function describeCosts(app: () => PictureApp): void {
  describe('costs', () => {
    beforeAll(() => resetPages(app()))

    const toPage = (name: string): Promise<void> =>
      app().main.getByRole('navigation').getByRole('button', { name }).click()

    /** Shows pods with these costs, which can't be read if they are null. */
    async function show(window: 'main' | 'popover', money: SampleMoney | null): Promise<void> {
      const state = windowStates.find((one) => one.name === 'pods' && one.window === window)!
      await serveCosts(app().running.app, money?.costs ?? null)
      const snapshot = { ...state.snapshot, money: money?.money ?? null }
      await showState(app().running.app, app()[window], { ...state, snapshot })
    }

    async function expectPictures(page: Page, name: string, looks: readonly Look[]): Promise<void> {
      const problems: string[] = []
      for (const look of looks) {
        const [width, colorScheme] = look.split('-') as [string, 'light' | 'dark']
        await page.setViewportSize({ width: Number(width), height: 1_000 })
        await page.emulateMedia({ colorScheme })
        // Resizing may move the window under the display's pointer.
        await page.mouse.move(0, 0)
        await expect.poll(() => page.locator('.day-detail').count()).toBe(0)
        // The chart resizes slightly later than its container.
        await expect.poll(() => page.evaluate(chartExcess)).toBe(0)
        const problem = app().baselines.problem(`${name}-${look}`, await capture(page))
        if (problem !== null) problems.push(problem)
      }
      expect(problems).toEqual([])
      expect(app().consoleMessages()).toEqual([])
    }

    test.each(Object.entries({ ...costsStates, error: null }))(
      'the costs page in the state "%s" matches its baseline',
      async (name, money) => {
        const { main } = app()
        await toPage('Pods')
        await show('main', money)
        await toPage('Costs')
        if (money === null) await main.getByRole('alert').waitFor()
        else if (money.costs.rows.length === 0) await main.getByText('Nothing spent').first().waitFor()
        else await expect.poll(() => main.locator('.costs-chart .bar').count()).toBeGreaterThan(20)
        await expectPictures(main, `costs-${name}`, LOOKS[name] ?? ['900-light'])
      },
    )

    test('the meter matches its baselines in both windows', async () => {
      await toPage('Pods')
      for (const name of ['usual', 'no-budget', 'over'] as const) {
        await show('popover', costsStates[name])
        await expectPictures(app().popover, `popover-meter-${name}`, ['360-light'])
        await show('main', costsStates[name])
        await expectPictures(app().main, `main-meter-${name}`, ['900-dark'])
      }
    })
  })
}
