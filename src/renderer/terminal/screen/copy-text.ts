/**
 * Puts `text` on the clipboard, as part of a click or a stroke: the only way that a page has, and one that Chromium allows
 * at no other time. False: it did not.
 */
export function copyText(text: string, page: Document = document): boolean {
  let isCopied = false
  const fill = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
    isCopied = event.clipboardData !== null
  }
  page.addEventListener('copy', fill, { capture: true })
  // oxlint-disable-next-line typescript/no-deprecated -- what replaces it needs a permission that no page here gets
  page.execCommand('copy')
  page.removeEventListener('copy', fill, { capture: true })
  return isCopied
}
