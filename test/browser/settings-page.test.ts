import { expect, test } from 'vitest'
import { type Locator, userEvent } from 'vitest/browser'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { card, VOLUME } from '../harness/browser/pods-scene'
import { type BrowserScene, openScene } from '../harness/browser/scene'

/* The page of settings. What applies to the desktop is tested in `test/e2e/settings.test.ts`. */

interface SettingsScene {
  readonly scene: BrowserScene
  /** The main window, at its settings. */
  readonly window: TestWindow
  /** Shows a section of the settings. */
  readonly show: (section: string) => Promise<void>
  /** What is stored. */
  readonly stored: () => Promise<Record<string, unknown>>
  readonly toast: (text: string | RegExp) => Locator
}

async function openSettings(): Promise<SettingsScene> {
  const scene = await openScene({ pods: [{ id: 'a', name: 'llama', mode: 'training', ...VOLUME }] })
  const window = await openWindow(scene, 'main', { page: 'settings' })
  await expect.element(window.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  return {
    scene,
    window,
    show: (section) =>
      window
        .getByRole('navigation', { name: 'Settings sections' })
        .getByRole('button', { name: section, exact: true })
        .click(),
    async stored() {
      const config = JSON.parse(await scene.readTextFile(`${await scene.folder()}/config.json`)) as {
        readonly settings: Record<string, unknown>
      }
      return config.settings
    },
    toast: (text) => window.getByCss('.toasts').getByText(text),
  }
}

/** Types a value in place of what is there, and presses Enter. */
async function enter(window: TestWindow, field: Locator, text: string): Promise<void> {
  await field.fill(text)
  window.focusOn(field)
  await userEvent.keyboard('{Enter}')
}

test('a number is rejected with the reason, alone and beside another; a valid one is sent once, applies, and is reset', async () => {
  const { scene, window, show, stored, toast } = await openSettings()
  const sent = () =>
    scene.bridge.requests.filter(({ name }) => name === 'changeSetting').map(({ args }) => args)
  await show('Alerts')
  const after = window.getByLabelText('Idle alert after')
  await after.fill('180')
  const conflict =
    'The pause between idle alerts (2 hours) can’t be shorter than the time until the first (3 hours).'
  await expect.element(window.getByText(conflict)).toBeVisible()
  window.focusOn(after)
  await userEvent.keyboard('{Escape}')
  await expect.element(after).toHaveValue('15')

  await show('General')
  const undo = window.getByLabelText('Undo time', { exact: true })
  await enter(window, undo, '0')
  await expect.element(window.getByText('This must be between 1 second and 1 minute.')).toBeVisible()
  await scene.settle()
  expect([sent(), await stored()]).toEqual([[], {}])

  // Its field is left at once, while it is on its way.
  await undo.fill('31')
  window.focusOn(undo)
  const field = undo.element() as HTMLElement
  field.dispatchEvent(new window.global.KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  field.blur()
  await expect.element(toast(/Undo time/).first()).toBeVisible()
  await scene.settle()
  expect([sent(), await stored()]).toEqual([[['undoS', 31]], { undoS: 31 }])
  // The monitor reads its settings at each action.
  const popover = await openWindow(scene, 'popover')
  await card(popover, 'llama').getByRole('button', { name: 'Stop llama' }).click()
  await expect.element(popover.getByText('Stopping llama in 31 s')).toBeVisible()
  popover.close()

  await window.getByRole('button', { name: 'Reset Undo time to default' }).click()
  await expect.element(undo).toHaveValue('5')
  await expect.poll(stored).toEqual({})
})

test('an amount is typed as a person writes it, also from the strip, and what was saved can be undone', async () => {
  const { window, show, stored, toast } = await openSettings()
  await show('Money')
  const budget = window.getByLabelText('Monthly budget', { exact: true })
  await budget.fill('1.000')
  await expect.element(window.getByText('an amount in USD, such as 600, $1,000 or 49.50')).toBeVisible()
  await budget.fill('$1,000')
  await expect.element(window.getByText('= $1,000.00', { exact: true })).toBeVisible()
  window.focusOn(budget)
  await userEvent.keyboard('{Enter}')
  await expect.poll(stored).toHaveProperty('monthlyBudgetUsd', '1000')
  await expect.element(toast('Saved: Monthly budget · $1,000.00').first()).toBeVisible()
  await window
    .getByCss('.toasts')
    .getByRole('button', { name: /^Undo: Saved/ })
    .click()
  await expect.poll(stored).not.toHaveProperty('monthlyBudgetUsd')
  await expect.element(budget).toHaveValue('')

  const strip = window.getByRole('region', { name: 'Money and counts' })
  await strip.getByRole('button', { name: 'Set budget' }).click()
  const dialog = window.getByRole('dialog', { name: 'Monthly budget' })
  const field = dialog.getByLabelText('Monthly budget')
  await expect.element(field).toHaveFocus()
  await userEvent.keyboard('600 dollars')
  await expect.element(dialog.getByText('Enter an amount in USD')).toBeVisible()
  await userEvent.keyboard('{Control>}a{/Control}$600{Enter}')
  await expect.poll(stored).toHaveProperty('monthlyBudgetUsd', '600')
  await expect.element(dialog).not.toBeInTheDocument()
  await expect.element(strip).toHaveTextContent('of $600')
  // Another one, from its details.
  await strip.getByRole('button', { name: /^Spent in/ }).click()
  await window.getByRole('button', { name: 'Change budget' }).click()
  await expect.element(field).toHaveValue('600')
  await enter(window, field, '')
  await expect.poll(stored).not.toHaveProperty('monthlyBudgetUsd')
  await expect.element(strip.getByRole('button', { name: 'Set budget' })).toBeVisible()
})

test('quiet hours with one time only say so; a test notification asks whether it was seen, and says what to do', async () => {
  const { scene, window, show, stored } = await openSettings()
  await show('Alerts')
  const missing = window.getByText('Set an end, too. Quiet hours are off until then.')
  await enter(window, window.getByLabelText('Quiet hours start'), '22:00')
  await expect.element(missing).toBeVisible()
  await enter(window, window.getByLabelText('Quiet hours end'), '07:30')
  await expect.poll(stored).toMatchObject({ quietHoursFrom: '22:00', quietHoursTo: '07:30' })
  await expect.element(missing).not.toBeInTheDocument()

  const row = window.getByRole('group', { name: 'Test notification' })
  await row.getByRole('button', { name: 'Send' }).click()
  await expect.element(row.getByText('Sent. Did you see it?')).toBeVisible()
  await row.getByRole('button', { name: 'I didn’t' }).click()
  await expect.element(row.getByRole('status')).toHaveTextContent(/notification/)
  await row.getByRole('button', { name: 'Send again' }).click()
  await row.getByRole('button', { name: 'I saw it' }).click()
  await expect.element(row.getByText('Good. Alerts will look like this')).toBeVisible()
  const { notifications } = await scene.host()
  expect(notifications).toHaveLength(2)
})

test('a newer release is announced once with its page, and the settings say what is known of updates', async () => {
  const scene = await openScene({ newestRelease: '0.2.0' })
  const window = await openWindow(scene, 'main', { page: 'settings' })
  const about = window.getByRole('region', { name: 'About' })
  await expect.element(about.getByText('Podkeeper 0.0.0')).toBeVisible()
  await expect.element(about.getByText('Not checked yet')).toBeVisible()
  await about.getByRole('button', { name: 'Check now' }).click()
  await expect.element(about.getByText('Version 0.2.0 is available')).toBeVisible()
  await about.getByRole('button', { name: 'Open release page' }).click()
  await expect
    .poll(async () => (await scene.host()).openedAddresses)
    .toEqual(['https://releases.example/0.2.0'])

  const popover = await openWindow(scene, 'popover')
  await popover.getByRole('button', { name: '1 more message' }).click()
  const message = popover.getByText('Version 0.2.0 of Podkeeper is available.')
  await expect.element(message).toBeVisible()
  await popover.getByRole('button', { name: 'Open release page' }).click()
  await expect.poll(async () => (await scene.host()).openedAddresses).toHaveLength(2)
  // Only it can be dismissed: the other message is about where the app is connected.
  await popover.getByRole('button', { name: 'Dismiss' }).click()
  await expect.element(message).not.toBeInTheDocument()
  await about.getByRole('button', { name: 'Check now' }).click()
  await scene.settle()
  await expect.element(message).not.toBeInTheDocument()
})

test('an app that updates itself says how far it is, and restarts when nothing is under way', async () => {
  const scene = await openScene({
    newestRelease: '0.2.0',
    servedUpdate: 'whole',
    pods: [{ id: 'a', name: 'llama', mode: 'training', ...VOLUME }],
  })
  const window = await openWindow(scene, 'main', { page: 'settings' })
  const about = window.getByRole('region', { name: 'About' })
  await about.getByRole('button', { name: 'Check now' }).click()
  const ready = about.getByText('Version 0.2.0 is ready. It is installed when you quit Podkeeper')
  await expect.element(ready).toBeVisible()
  const popover = await openWindow(scene, 'popover')
  await card(popover, 'llama').getByRole('button', { name: 'Stop llama' }).click()
  await expect.element(popover.getByText(/^Stopping llama in/).first()).toBeVisible()
  await about.getByRole('button', { name: 'Restart and update' }).click()
  await expect.element(about.getByText(/Waiting for what you asked of llama$/)).toBeVisible()
  await about.getByRole('button', { name: 'Cancel restart' }).click()
  await expect.element(ready).toBeVisible()
  await about.getByRole('button', { name: 'Restart and update' }).click()
  popover.global.focus()
  await userEvent.keyboard('z')
  await scene.advance(1_000)
  await expect.poll(async () => (await scene.host()).quits).toBe(1)
  await expect.element(about.getByText('Restarting to install version 0.2.0…')).toBeVisible()
})

test('an update that runs says how much is there, and one that isn’t the file says so and leaves the page', async () => {
  const stalled = await openScene({ newestRelease: '0.2.0', servedUpdate: 'stalled' })
  const first = await openWindow(stalled, 'main', { page: 'settings' })
  const running = first.getByRole('region', { name: 'About' })
  await running.getByRole('button', { name: 'Check now' }).click()
  await expect.element(running.getByText(/^Downloading version 0\.2\.0: .* of /)).toBeVisible()
  first.close()

  const tampered = await openScene({ newestRelease: '0.2.0', servedUpdate: 'tampered' })
  const window = await openWindow(tampered, 'main', { page: 'settings' })
  const about = window.getByRole('region', { name: 'About' })
  await about.getByRole('button', { name: 'Check now' }).click()
  await expect.element(about.getByText(/isn’t the file that Podkeeper’s releases name/)).toBeVisible()
  await about.getByRole('button', { name: 'Open release page' }).click()
  await expect.element(about.getByRole('button', { name: 'Try again' })).toBeVisible()
})

test('a build that can’t verify updates says so and offers no check; licenses and news are shown', async () => {
  const { window } = await openSettings()
  const about = window.getByRole('region', { name: 'About' })
  await expect.element(about.getByText(/^Updates are off: this build was made without a key/)).toBeVisible()
  await expect.element(about.getByRole('button', { name: 'Check now' })).not.toBeInTheDocument()
  const daily = about.getByRole('switch', { name: 'Check for updates' })
  await expect.element(daily).toBeDisabled()
  // As text: the matcher takes no expression.
  await expect
    .element(daily)
    .toHaveAccessibleDescription('Not possible in this build, which has no key to verify updates')
  await about.getByRole('button', { name: 'What’s new' }).click()
  const news = window.getByRole('dialog', { name: 'What’s new in version 0.0.0' })
  await expect.element(news.getByRole('listitem')).toHaveTextContent('Stop has an undo.')
  await userEvent.keyboard('{Escape}')
  await expect.element(news).not.toBeInTheDocument()
  await about.getByRole('button', { name: 'Licenses' }).click()
  const dialog = window.getByRole('dialog', { name: 'Licenses' })
  await expect.element(dialog.getByText(/^react 19\.3\.1 \(MIT\)/)).toBeVisible()
  await userEvent.keyboard('{Escape}')
  await expect.element(dialog).not.toBeInTheDocument()
})
