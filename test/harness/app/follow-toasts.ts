import type { Page } from 'playwright-core'

/** What toasts have said since, although each is there for some seconds only, which a look from here may miss. */
export async function followToasts(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(`{
    const said = (globalThis.toastsSaid = [])
    const note = () => said.push(document.querySelector('.toasts')?.textContent ?? '')
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true })
  }`)
  return () => page.evaluate<string>("globalThis.toastsSaid.join('\\n')")
}
