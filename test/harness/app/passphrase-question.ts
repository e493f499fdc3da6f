import type { Page } from 'playwright-core'
import type { RunningApp } from './launch'
import { until } from './waiting'

/**
 * The window that asks again after a wrong passphrase: the same one, or a new one where trying the passphrase took longer
 * than the window stays open without a question.
 */
export function questionAfterWrongPassphrase({ app }: Pick<RunningApp, 'app'>): Promise<Page> {
  const saysSo = (page: Page): Promise<boolean> =>
    page
      .getByRole('alert')
      .isVisible()
      .catch(() => false)
  return until('the question after a wrong passphrase', async () => {
    for (const page of app.windows()) {
      if (page.url().endsWith('/confirm.html') && (await saysSo(page))) return page
    }
    return null
  })
}
