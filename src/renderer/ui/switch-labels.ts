/** A click on the words beside a switch switches it. The keyboard reaches the switch, which has the words as its name. */
export function installSwitchLabels(page: Document): void {
  page.addEventListener('click', ({ target }) => {
    const label = target instanceof Element ? target.closest('.label-like, .new-switch-label') : null
    const switches = label?.parentElement?.querySelectorAll<HTMLInputElement>('input[role="switch"]') ?? []
    if (switches.length === 1) switches[0]?.click()
  })
}
