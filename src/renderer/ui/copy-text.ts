/**
 * Copies `text` to the clipboard; returns whether that worked. Must run within a click or keystroke, since
 * Chromium allows it at no other time.
 */
export function copyText(text: string, page: Document = document): boolean {
  let isCopied = false
  const onCopy = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
    isCopied = event.clipboardData !== null
  }
  page.addEventListener('copy', onCopy, { capture: true })
  // oxlint-disable-next-line typescript/no-deprecated -- its replacement needs a permission that the app never grants
  page.execCommand('copy')
  page.removeEventListener('copy', onCopy, { capture: true })
  return isCopied
}
