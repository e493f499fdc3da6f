import type { Page } from 'playwright-core'
import type { RunningApp } from '../start/launch'
import { waitUntil } from './wait-until'

/** The app's own window while it shows the question with this title. */
export function questionTitled(running: RunningApp, title: string | RegExp): Promise<Page> {
  return waitUntil(`the question ${String(title)}`, async () => {
    for (const page of confirmWindows(running)) {
      // The window may close at any moment.
      const shown = await page.textContent('h1', { timeout: 1_000 }).catch(() => null)
      if (shown !== null && (typeof title === 'string' ? shown === title : title.test(shown))) return page
    }
    return undefined
  })
}

/** Presses a button of the question, which may close the window during the click. */
export async function answerQuestion(
  running: RunningApp,
  title: string | RegExp,
  button: string,
): Promise<void> {
  const page = await questionTitled(running, title)
  await page
    .getByRole('button', { name: button })
    .click()
    .catch(() => undefined)
}

/** Trusts the host key that is asked about. */
export const trustHostKey = (running: RunningApp): Promise<void> =>
  answerQuestion(running, /^Is this |has a new key|^Connect to /, 'Trust this key')

/** Agrees to add accounts beside others, if that is asked before `adding` is over. */
export async function agreeToAccounts<T>(running: RunningApp, adding: Promise<T>): Promise<T> {
  let isOver = false
  const added = adding.finally(() => (isOver = true))
  await waitUntil('the accounts to be added', async () => {
    const [page] = confirmWindows(running)
    await page
      ?.getByRole('button', { name: /^Add accounts?$/ })
      .click({ timeout: 1_000 })
      .catch(() => undefined)
    return isOver
  })
  return added
}

/** By keyboard alone: Cancel has the focus, and the next button is reached with Tab. */
export async function confirmByKeyboard(page: Page, label: string, cancelLabel = 'Cancel'): Promise<void> {
  await waitUntil(`${cancelLabel} to have the focus`, () =>
    page.evaluate<boolean>(`document.activeElement?.textContent === ${JSON.stringify(cancelLabel)}`),
  )
  await page.locator('footer button:not([data-disabled])', { hasText: label }).waitFor()
  await page.keyboard.press('Tab')
  await waitUntil(`${label} to have the focus`, () =>
    page.evaluate<boolean>(`document.activeElement?.textContent === ${JSON.stringify(label)}`),
  )
  await page.keyboard.press('Enter').catch(() => undefined)
}

/** By keyboard alone. */
export async function declineByKeyboard(running: RunningApp, page: Page): Promise<void> {
  await waitUntil('Cancel to have the focus', () =>
    page.evaluate<boolean>("document.activeElement?.textContent === 'Cancel'"),
  )
  // The window may close before the key is let go.
  await Promise.allSettled([page.keyboard.press('Escape')])
  await waitUntil('the question to be gone', () => confirmWindows(running).length === 0)
}

export function confirmWindows(running: RunningApp): Page[] {
  return running.app.windows().filter((page) => page.url().endsWith('/confirm.html'))
}
