import { beforeEach, describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { PodKey } from '../../src/core/pods/pod'
import type { Settings } from '../../src/core/settings/settings'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import { card, focusedName, idlePods, tabTo } from '../harness/browser/pods-scene'
import { openScene, podOf, type BrowserScene } from '../harness/browser/scene'

/* How users control the guard in the windows, by keyboard only: what the windows ask for, and what becomes of it. */

let scene: BrowserScene
let watched: PodKey
let kept: PodKey
let seen = 0

/** An idle pod that auto-stop may stop, and one that is kept running. */
async function openGuarded(settings: Partial<Settings> = {}): Promise<void> {
  scene = await openScene({
    pods: idlePods(['mcmc-planck', 'whisper-batch']),
    settings: {
      bootMin: 0,
      idleAlertAfterMin: 1,
      autoStopAfterMin: 600,
      pollActiveS: 15,
      pollIdleS: 15,
      ...settings,
    },
  })
  const pod = await podOf(scene, 'mcmc-planck')
  watched = pod.key
  kept = (await podOf(scene, 'whisper-batch')).key
  await scene.bridge.request('setAutoStop', pod.accountId, 'all')
  await scene.bridge.request('keepOn', kept, '4-hours')
  await scene.advance(120_000)
  seen = 0
}
beforeEach(() => (seen = 0))

/** Such requests of windows since the last call. */
function asked(): readonly unknown[] {
  const all = scene.bridge.requests.filter(({ name }) =>
    ['keepOn', 'endKeepOn', 'act', 'confirmTerminate', 'changePodRules', 'changeSetting'].includes(name),
  )
  const since = all.slice(seen).map(({ name, args }) => [name, ...args])
  seen = all.length
  return since
}

const focused = (window: TestWindow) => expect.poll(() => focusedName(window))
const dialogs = (window: TestWindow) => window.document.querySelectorAll('[role=dialog]').length

async function openPalette(window: TestWindow): Promise<void> {
  await userEvent.keyboard('{Control>}k{/Control}')
  await expect.poll(() => window.document.activeElement?.closest('.palette-field')).not.toBeNull()
}

/** The rows of the popover open by Enter. */
async function openRow(popover: TestWindow, name: string): Promise<void> {
  if (popover.document.querySelector(`[aria-label="Close ${name}"]`) !== null) return
  await tabTo(popover, name)
  await userEvent.keyboard('{Enter}')
  await focused(popover).toBe(`Close ${name}`)
}

describe('the guard', () => {
  test.each(['main', 'popover'] as const)(
    'keeps an idle pod on from its card in the window "%s"',
    async (kind) => {
      await openGuarded()
      const window = await openWindow(scene, kind)
      await expect.element(card(window, 'mcmc-planck')).toBeInTheDocument()
      if (kind === 'popover') await openRow(window, 'mcmc-planck')
      await tabTo(window, 'Keep running: mcmc-planck')
      await userEvent.keyboard('{Enter}')
      await focused(window).toBe('For 1 hour')
      await userEvent.keyboard('{ArrowDown}{Enter}')
      await expect.poll(asked).toEqual([['keepOn', watched, '4-hours']])
      // It stays on the pod: on its name, on the button in the place of the one that was pressed, or on its row.
      await focused(window).toMatch(
        /^(mcmc-planck|Keep running: mcmc-planck|Cancel keeping mcmc-planck running|Close mcmc-planck)$/,
      )
      await expect
        .element(window.getByRole('button', { name: 'Cancel keeping mcmc-planck running' }).first())
        .toBeVisible()
    },
  )

  test('releases a pod that is kept running, in the popover', async () => {
    await openGuarded()
    const popover = await openWindow(scene, 'popover')
    await expect.element(card(popover, 'whisper-batch')).toBeInTheDocument()
    await openRow(popover, 'whisper-batch')
    await tabTo(popover, 'Cancel keeping whisper-batch running')
    await userEvent.keyboard(' ')
    await expect.poll(asked).toEqual([['endKeepOn', kept]])
    await expect
      .element(popover.getByRole('button', { name: 'Keep running: whisper-batch' }).first())
      .toBeVisible()
  })

  test('is left alone by the menu of a pod, which restarts it, asks to terminate it, and closes', async () => {
    await openGuarded()
    const main = await openWindow(scene)
    await expect.element(card(main, 'whisper-batch')).toBeInTheDocument()
    await tabTo(main, 'Actions of whisper-batch')
    await userEvent.keyboard('{ArrowUp}')
    await focused(main).toBe('Terminate…')
    await userEvent.keyboard('{Enter}')
    await expect.poll(asked).toEqual([['confirmTerminate', kept]])
    await scene.bridge.answerQuestion('Terminate whisper-batch?', 'Cancel')
    await focused(main).toBe('Actions of whisper-batch')
    await userEvent.keyboard('{Enter}')
    await focused(main).toBe('Restart')
    await userEvent.keyboard('{Enter}')
    await expect.poll(asked).toEqual([['act', kept, 'restart']])
    await focused(main).toBe('Actions of whisper-batch')
    await userEvent.keyboard(' ')
    await expect.poll(() => main.getByRole('menuitem').elements().length).toBeGreaterThan(3)
    await expect.poll(() => main.document.activeElement?.getAttribute('role')).toMatch(/^menuitem/)
    await userEvent.keyboard('{Escape}')
    await focused(main).toBe('Actions of whisper-batch')
    expect(asked()).toEqual([])
  })

  test('has rules for one pod, of which invalid values are rejected in their field, and Escape closes them', async () => {
    await openGuarded()
    const main = await openWindow(scene)
    await expect.element(card(main, 'mcmc-planck')).toBeInTheDocument()
    await tabTo(main, 'Actions of mcmc-planck')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => main.document.activeElement?.getAttribute('role')).toMatch(/^menuitem/)
    await userEvent.keyboard('guard')
    await focused(main).toBe('Guard rules…')
    await userEvent.keyboard('{Enter}')
    const dialog = main.getByRole('dialog', { name: 'Guard rules of mcmc-planck' })
    await expect.element(dialog).toBeVisible()
    await tabTo(main, 'Auto-stop this pod')
    await userEvent.keyboard(' ')
    await expect.poll(asked).toEqual([['changePodRules', watched, { isAutoStopped: false }]])

    await tabTo(main, 'Auto-stop: use account setting')
    await userEvent.keyboard('{Tab}')
    await userEvent.keyboard('0')
    await expect.element(dialog).toHaveTextContent('Enter a number above 0')
    await userEvent.keyboard('{Enter}')
    await userEvent.keyboard('{Control>}a{/Control}1{Enter}')
    await expect.poll(asked).toEqual([['changePodRules', watched, { idleAlertAfterMin: 1 }]])
    main.focusOn(dialog.getByRole('textbox', { name: 'Monthly budget' }))
    await userEvent.keyboard('20.5{Enter}')
    await expect.poll(asked).toEqual([['changePodRules', watched, { monthlyBudgetUsd: 20.5 }]])
    await expect
      .poll(async () => (await podOf(scene, 'mcmc-planck')).guard.rules)
      .toEqual({ isAutoStopped: false, idleAlertAfterMin: 1, monthlyBudgetUsd: 20.5 })

    await userEvent.keyboard('9{Escape}')
    expect(dialogs(main)).toBe(1)
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => dialogs(main)).toBe(0)
    await focused(main).toBe('Actions of mcmc-planck')
    expect(asked()).toEqual([])
  })

  test('keeps what is typed into a rule while it is being changed, and shows a rejection there', async () => {
    await openGuarded()
    const main = await openWindow(scene)
    await expect.element(card(main, 'mcmc-planck')).toBeInTheDocument()
    await openPalette(main)
    await userEvent.keyboard('rules mcmc')
    await userEvent.keyboard('{Enter}')
    const dialog = main.getByRole('dialog', { name: 'Guard rules of mcmc-planck' })
    const budget = dialog.getByRole('textbox', { name: 'Monthly budget' })
    await expect.element(budget).toBeVisible()
    main.focusOn(budget)
    const change = scene.bridge.holdReply('changePodRules')
    await userEvent.keyboard('20.5{Enter}')
    expect(await change.arrived()).toEqual([watched, { monthlyBudgetUsd: 20.5 }])
    await userEvent.keyboard('9')
    change.release()
    await scene.settle()
    await main.nextFrame()
    await expect.element(budget).toHaveValue('20.59')
    // Discarded by Escape only.
    await userEvent.keyboard('{Escape}')
    await expect.element(budget).toHaveValue('20.5')
    expect(dialogs(main)).toBe(1)

    scene.bridge.failNext('changePodRules', 'An alert comes before its stop.')
    main.focusOn(dialog.getByLabelText('Idle alert after', { exact: true }))
    await userEvent.keyboard('900{Enter}')
    await expect.element(dialog).toHaveTextContent('An alert comes before its stop.')
    await userEvent.keyboard('{Escape}{Escape}')
    await expect.poll(() => dialogs(main)).toBe(0)
  })

  test.each(['main', 'popover'] as const)('is controlled by the palette of the window "%s"', async (kind) => {
    await openGuarded()
    const window = await openWindow(scene, kind)
    await expect.element(card(window, 'mcmc-planck')).toBeInTheDocument()
    await openPalette(window)
    await expect.poll(() => window.getByRole('option').elements().length).toBeGreaterThan(10)
    await userEvent.keyboard('mcmc until i cancel')
    await expect.poll(() => window.getByRole('option').elements()).toHaveLength(1)
    await userEvent.keyboard('{Enter}')
    await expect.poll(asked).toEqual([['keepOn', watched, 'until-told']])
    await expect.poll(() => dialogs(window)).toBe(0)
    await openPalette(window)
    // What was chosen last stands first; a pod leads to its commands, and Escape and Backspace back.
    const first = () => window.getByRole('option').elements()[0]?.textContent ?? ''
    await expect.poll(first).toContain('Keep mcmc-planck running until I cancel')
    await userEvent.keyboard('mcmc')
    await expect.poll(first).toContain('mcmc-planck')
    await userEvent.keyboard('{Enter}')
    await expect.poll(first).toMatch(/^Terminal/)
    await userEvent.keyboard('{Escape}')
    expect(dialogs(window)).toBe(1)
    await expect.poll(() => window.getByRole('option').elements().length).toBeGreaterThan(20)
    // A command leads to its pods. Enter stops none of several, and the one that is left.
    await userEvent.keyboard('stop')
    await expect.poll(first).toContain('Stop a pod…')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => focusedName(window)).toBe('Stop a pod')
    await userEvent.keyboard('{Backspace}')
    await expect.poll(() => focusedName(window)).toBe('Search or run a command')
    await userEvent.keyboard('stop')
    await expect.poll(first).toContain('Stop a pod…')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => focusedName(window)).toBe('Stop a pod')
    await userEvent.keyboard('{Enter}')
    expect(asked()).toEqual([])
    await userEvent.keyboard('mcmc{Enter}')
    await expect.poll(asked).toEqual([['act', watched, 'stop']])
    await expect.poll(() => dialogs(window)).toBe(0)
    await openPalette(window)
    await userEvent.keyboard('no such thing')
    await expect.element(window.getByRole('dialog')).toHaveTextContent('No results')
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => dialogs(window)).toBe(0)
  })

  test.each([
    ['Resume auto-stop', 'areAutoStopsPaused'],
    ['End dry run', 'isAutoStopDryRun'],
  ] as const)('says what holds it, and "%s" ends that', async (button, setting) => {
    await openGuarded({ [setting]: true })
    const popover = await openWindow(scene, 'popover')
    await popover.getByRole('button', { name: '1 more message' }).click()
    await expect.element(popover.getByRole('button', { name: button })).toBeVisible()
    await tabTo(popover, button)
    await userEvent.keyboard('{Enter}')
    await expect.poll(asked).toEqual([['changeSetting', setting, false]])
    await expect.element(popover.getByRole('button', { name: button })).not.toBeInTheDocument()
  })
})
