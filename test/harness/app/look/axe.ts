import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { axeSource } from './axe-source.mts'

const axe = axeSource()

/** Loads axe-core into the page unless it is loaded; needed once per page load. */
export async function loadAxe(page: Page): Promise<void> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe)
}

/**
 * axe-core's violations on the page, each with its first element. "contrast" is enough for a second theme, since themes
 * differ only in colors.
 */
export async function axeFaults(page: Page, rules: 'all' | 'contrast'): Promise<readonly string[]> {
  // React Aria's announcements are spoken as they are added and stay for seconds after what they name is gone.
  const context = { exclude: ['[data-live-announcer]'] }
  // Describing passed checks takes as long as finding them and isn't needed.
  const options = {
    resultTypes: ['violations'],
    preload: false,
    selectors: false,
    ...(rules === 'all' ? {} : { runOnly: ['color-contrast'] }),
  }
  const { violations } = (await page.evaluate(
    `axe.run(${JSON.stringify(context)}, ${JSON.stringify(options)})`,
  )) as AxeResults
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}
