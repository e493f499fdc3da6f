import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import type { GuardInPodView } from '../../../src/core/pod-guard/guard-in-pod-view'
import type { PageName } from '../../../src/shared/ipc'
import { axeFaults, loadAxe } from '../../harness/app/look/axe'
import { capture } from '../../harness/app/look/capture'
import { type PictureApp, resetPages } from '../../harness/app/look/picture-app'
import { screenshot } from '../../harness/app/start/scene'
import { serveAccountCheck } from '../../harness/app/states/serve-account-check'
import { pulling, sendLog, servePodPage } from '../../harness/app/states/serve-pod-page'
import { obstacleText } from '../../../src/core/obstacles/obstacle-text'
import { obstacle } from '../../harness/samples/obstacles'
import { NOW_MS } from '../../harness/samples/pod-views'
import { sampleActivity } from '../../harness/app/states/sample-activity'
import { serveActivity } from '../../harness/app/states/show-activity'
import { showState } from '../../harness/app/states/show-state'
import { type WindowState, windowStates } from '../../harness/app/states/window-states'

const WIDTHS = { popover: [360, 400], main: [360, 900, 1_400] } as const
const HEIGHT = 800
const SCHEMES = ['light', 'dark'] as const

/** A window width and a theme, as in the name of a baseline. */
type Look = `${number}-${(typeof SCHEMES)[number]}`

/** One screenshot of each state is enough, in the theme that the other window doesn't use. */
const ONE_LOOK = { popover: ['360-dark'], main: ['900-light'] } as const
/** For states that represent a layout. */
const ALL_LOOKS = {
  popover: ['360-light', '360-dark', '400-light'],
  main: ['360-light', '900-light', '900-dark', '1400-light'],
} as const
const LAYOUTS = ['first-run', 'pods', 'every-kind', 'guard', 'hostile-names']
/** States that are indicated by a color. */
const BOTH_THEMES = ['actions', 'debt', 'notices', 'offline', 'plan']
/** A connection problem is one banner, tested with pods in one window and without pods in the other. */
const TROUBLES = ['unreadable', 'rate-limited', 'key-doubted', 'key-refused', 'forbidden']

function looksOf({ window, name }: Pick<WindowState, 'window' | 'name'>): readonly Look[] {
  if (LAYOUTS.includes(name)) return ALL_LOOKS[window]
  if (BOTH_THEMES.includes(name) && window === 'popover') return ['360-light', '360-dark']
  const isSeenInTheOther = TROUBLES.some((trouble) =>
    window === 'main' ? name === trouble : name === `${trouble}-no-list`,
  )
  return isSeenInTheOther ? [] : ONE_LOOK[window]
}

/** Every state of both windows, and pages that are opened in them. */
export function describeWindows(app: () => PictureApp): void {
  describe('windows', () => {
    beforeAll(async () => {
      // Each kind of pod is shown by its card; test/browser/pods-table.test.ts is about the table.
      await resetPages(app(), { 'podkeeper.pods-view': '{"layout":"cards"}' })
    })

    async function show(state: WindowState): Promise<Page> {
      const page = app()[state.window]
      await showState(app().running.app, page, state)
      return page
    }

    /** Elements that are wider than allowed, px. */
    async function overflow(page: Page): Promise<readonly number[]> {
      const pixels = (await page.evaluate(
        '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
      )) as readonly number[]
      return pixels.filter((count) => count > 0)
    }

    /** Cards that scroll into view are drawn, and get their real height, some frames later. */
    const untilStill = (page: Page): Promise<unknown> =>
      page.evaluate(`new Promise((done) => {
    let [last, same] = [-1, 0]
    const look = () => {
      const now = (document.querySelector('main') ?? document.documentElement).scrollHeight
      same = now === last ? same + 1 : 0
      last = now
      same < 3 ? requestAnimationFrame(look) : done()
    }
    look()
  })`)

    /** Runs all automatic checks and compares with the baseline. */
    async function inspect(
      page: Page,
      name: string,
      widths: readonly number[],
      looks: readonly Look[],
    ): Promise<void> {
      const problems: string[] = []
      for (const width of widths) {
        await page.setViewportSize({ width, height: HEIGHT })
        // A window that changes its size can get under the pointer of the desktop.
        await page.mouse.move(0, 0)
        // What measures itself has its size for a width some frames later.
        await expect
          .poll(async () => ({ width, overflow: await overflow(page) }))
          .toEqual({ width, overflow: [] })
        for (const colorScheme of SCHEMES) {
          if (!looks.includes(`${width}-${colorScheme}`)) continue
          await page.emulateMedia({ colorScheme })
          await untilStill(page)
          const problem = app().baselines.problem(`${name}-${width}-${colorScheme}`, await capture(page))
          if (problem !== null) problems.push(problem)
        }
      }
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme })
        expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
      }
      expect(problems).toEqual([])
      expect(await page.evaluate('document.getAnimations().length')).toBe(0)
      expect(app().consoleMessages()).toEqual([])
    }

    test.each(windowStates)(
      'the $window window in the state "$name" is accessible, fits, and matches its baseline',
      async (state) => {
        await inspect(
          await show(state),
          `${state.window}-${state.name}`,
          WIDTHS[state.window],
          looksOf(state),
        )
      },
    )

    async function turnTo(page: Page, name: PageName, about: string | null = null): Promise<void> {
      const window = await app().running.app.browserWindow(page)
      await window.evaluate(
        (one, target) => (one as Electron.BrowserWindow).webContents.send('podkeeper:event:showPage', target),
        { page: name, about },
      )
    }

    const guardInPod: GuardInPodView = {
      wish: 'stop',
      state: 'armed',
      isProven: false,
      idleMs: 12 * MINUTE_MS,
      idleLimitMs: 360 * MINUTE_MS,
      stopAtMs: null,
      deadlineAtMs: null,
      keptUntilMs: null,
      readAtMs: NOW_MS - 2 * MINUTE_MS,
      problem: null,
      newPods: null,
      postStart: null,
      stopsFor: null,
      others: [],
    }

    test('the page of a pod shows its use, its activity, its log, and how far a new pod is', async () => {
      const state = windowStates.find(({ name, window }) => name === 'guard' && window === 'main')!
      const pods = state.snapshot.pods.map((pod) =>
        pod.id === 'watched'
          ? {
              ...pod,
              hasLogs: true as const,
              guardInPod,
              guard: { ...pod.guard, rules: { ...pod.guard.rules, podGuard: 'stop' as const } },
            }
          : pod,
      )
      const created = windowStates.find(({ name, window }) => name === 'pods' && window === 'main')!
      const creating = created.snapshot.pods.find(({ phase }) => phase === 'creating')!
      await servePodPage(app().running.app)
      await serveActivity(
        app().running.app,
        sampleActivity.map((entry) => ({
          ...entry,
          podId: entry.podName === 'mcmc-planck' ? 'watched' : null,
        })),
      )
      const snapshot = { ...state.snapshot, pods: [...pods, { ...creating, progress: pulling }] }
      const page = app().main
      await showState(app().running.app, page, { ...state, snapshot })
      await turnTo(page, 'pod', 'account/watched')
      await page.getByRole('slider').waitFor()
      await expect.poll(() => page.locator('.lane-labels b').first().textContent()).toBe('0%')
      await page.evaluate('document.activeElement.blur()')
      await inspect(page, 'pod-overview', WIDTHS.main, ['360-light', '900-light', '1400-dark'])
      await page.getByRole('tab', { name: 'Activity' }).click()
      await page.locator('.entry').waitFor()
      await inspect(page, 'pod-activity', WIDTHS.main, ['360-light', '900-dark'])
      await page.getByRole('tab', { name: 'Logs' }).click()
      await page.getByRole('log').waitFor()
      await sendLog(app().running.app, page)
      await expect.poll(() => page.locator('.log-line').count()).toBeGreaterThan(20)
      await inspect(page, 'pod-logs', WIDTHS.main, ['900-light', '1400-dark'])
      await turnTo(page, 'pod', creating.key)
      await expect
        .poll(() => page.locator('.pod-page .progress-now').textContent())
        .toBe('Pulling the image, 42%, 2 of 5 layers')
      await inspect(page, 'pod-progress', WIDTHS.main, ['900-light', '900-dark'])
      await turnTo(page, 'pods')
    })

    test('the settings page shows its sections, an invalid number as an error, and what a search finds', async () => {
      const page = await show(windowStates.find(({ name, window }) => name === 'guard' && window === 'main')!)
      await turnTo(page, 'settings')
      const undo = page.getByLabel('Undo time')
      await undo.fill('0')
      // The only text that differs from run to run.
      await page
        .locator('#setting-file code')
        .evaluate((code) => (code.textContent = '~/.config/Podkeeper/config.json'))
      await page.setViewportSize({ width: 900, height: HEIGHT })
      await undo.blur()
      await inspect(page, 'settings-general', WIDTHS.main, ['360-light', '900-light', '900-dark'])
      await page.getByRole('button', { name: 'Guard', exact: true }).click()
      await inspect(page, 'settings-guard', WIDTHS.main, ['900-light', '900-dark'])
      await page.getByRole('searchbox', { name: 'Search settings' }).fill('notification')
      await inspect(page, 'settings-search', WIDTHS.main, ['360-dark', '900-light'])
      await turnTo(page, 'pods')
    })

    test('the check of an account shows each kind of answer while figures are measured', async () => {
      await serveAccountCheck(app().running.app)
      const page = await show(windowStates.find(({ name, window }) => name === 'guard' && window === 'main')!)
      await turnTo(page, 'settings')
      await page.getByRole('button', { name: 'Accounts & keys' }).click()
      await page
        .getByRole('button', { name: /^Check this account/ })
        .first()
        .click()
      await expect.poll(() => page.getByRole('dialog').getByRole('listitem').count()).toBe(9)
      await inspect(page, 'account-check', WIDTHS.main, ['360-dark', '900-light'])
      await page.keyboard.press('Escape')
      await turnTo(page, 'pods')
    })

    test('an account that a server keeps says so, and that the server can’t be reached', async () => {
      const state = windowStates.find(({ name, window }) => name === 'guard' && window === 'main')!
      const { title, help } = obstacleText('server-lost')
      const why = 'the server pods.example.org, which keeps this account, can’t be reached'
      const obstacles = [obstacle({ code: 'server-lost', severity: 'critical', title, help, why })]
      const accounts = state.snapshot.accounts.map((part) => ({ ...part, obstacles }))
      const page = await show({ ...state, snapshot: { ...state.snapshot, obstacles, accounts } })
      await turnTo(page, 'settings')
      await page.getByRole('button', { name: 'Accounts & keys' }).click()
      await page.getByRole('button', { name: /^Disconnect server/ }).scrollIntoViewIfNeeded()
      await inspect(page, 'account-server', WIDTHS.main, ['900-light', '900-dark'])
      await turnTo(page, 'pods')
    })

    const LOOKS_OF_DIALOGS = { popover: ['360-dark'], main: ['900-light', '900-dark'] } as const

    /** Opens an overlay, checks it, and closes it. */
    async function inspectOpen(
      window: 'main' | 'popover',
      name: string,
      open: (page: Page) => Promise<void>,
    ) {
      const page = await show(windowStates.find((one) => one.name === 'guard' && one.window === window)!)
      await page.setViewportSize({ width: WIDTHS[window][0], height: HEIGHT })
      await open(page)
      await inspect(page, `${window}-${name}`, WIDTHS[window], LOOKS_OF_DIALOGS[window])
      await page.keyboard.press('Escape')
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    }

    async function openPalette(page: Page, query: string): Promise<void> {
      await page.keyboard.press('Control+k')
      await page.keyboard.type(query)
      await expect.poll(() => page.getByRole('option').count()).toBeGreaterThan(0)
    }

    test('the palette and the rules of a pod overlay both windows', async () => {
      for (const window of ['main', 'popover'] as const) {
        await inspectOpen(window, 'palette', (page) => openPalette(page, 'stop'))
        await inspectOpen(window, 'rules', async (page) => {
          await openPalette(page, 'rules')
          await page.keyboard.type(' mcmc')
          await page.keyboard.press('Enter')
          await expect.poll(() => page.getByRole('dialog').getByRole('textbox').count()).toBe(5)
        })
      }
    })

    test('the recovery page is accessible, fits, and matches its baseline', async () => {
      const page = app().popover
      await page.goto('podkeeper://app/recovery.html#index')
      await loadAxe(page)
      await inspect(page, 'recovery', WIDTHS.popover, ['360-light', '360-dark'])
    })

    test('identities, bars and the meter are still visible in forced-colors mode', async () => {
      const page = await show(
        windowStates.find(({ name, window }) => name === 'every-kind' && window === 'main')!,
      )
      await page.emulateMedia({ forcedColors: 'active' })
      await screenshot(page, 'states/main-forced-colors')
      const invisible = `['.connection .dot', 'main .id-bar', 'main .fill'].filter((part) =>
    getComputedStyle(document.querySelector(part)).backgroundColor === getComputedStyle(document.body).backgroundColor)`
      expect(await page.evaluate(invisible)).toEqual([])
      await page.emulateMedia({ forcedColors: 'none' })
    })
  })
}
