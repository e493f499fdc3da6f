import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Brings axe-core into the page; once for each page that is loaded. */
export async function loadAxe(page: Page): Promise<void> {
  await page.evaluate(axe)
}

/**
 * What axe-core finds wrong on the page, each with the first element. "contrast" is enough for a second theme, since themes
 * differ in nothing but colors.
 */
export async function axeFaults(page: Page, rules: 'all' | 'contrast'): Promise<readonly string[]> {
  // What passed is not needed, and to describe it takes as long as to find it.
  const options = {
    resultTypes: ['violations'],
    preload: false,
    ...(rules === 'all' ? {} : { runOnly: ['color-contrast'] }),
  }
  const { violations } = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}
