/** Ctrl+A selects within a field or a terminal only, and never the interface, whose selection nothing would clear. */
export function preventSelectAll(target: Document): void {
  target.addEventListener('keydown', (event) => {
    const isSelectAll = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'a'
    const isInField =
      event.target instanceof HTMLElement && event.target.matches('input, textarea, .xterm-helper-textarea')
    if (isSelectAll && !isInField) event.preventDefault()
  })
}
