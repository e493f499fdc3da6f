import type { Page } from 'playwright-core'

/** All that the first element of `selector` says from now on, line by line: some of it for a moment only. */
export async function followText(page: Page, selector: string): Promise<() => Promise<string>> {
  await page.evaluate(`{
    const said = (globalThis.textsSaid = [])
    const note = () => {
      const text = document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''
      if (text !== said.at(-1)) said.push(text)
    }
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true })
  }`)
  return () => page.evaluate<string>("globalThis.textsSaid.join('\\n')")
}
