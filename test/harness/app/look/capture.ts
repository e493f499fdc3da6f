import type { CDPSession, Page } from 'playwright-core'

const sessions = new WeakMap<Page, CDPSession>()

/**
 * A PNG of what the page shows, without a caret, which blinks. Encoded fast rather than small: Playwright's
 * `page.screenshot` takes five times the processor time.
 */
export async function capture(page: Page): Promise<Buffer> {
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page))
  sessions.set(page, session)
  await page.evaluate(HIDE_CARET)
  const { data } = await session.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true })
  return Buffer.from(data, 'base64')
}

/** Once per document. */
const HIDE_CARET = `
  if (!window.hasNoCaret) {
    window.hasNoCaret = true
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('* { caret-color: transparent !important }')
    document.adoptedStyleSheets.push(sheet)
  }
`
