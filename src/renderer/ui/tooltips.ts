import './tooltips.css'

/** How long a pointer rests on a button before its tooltip appears. The keyboard doesn't wait. */
const RESTING_MS = 500
const GAP_PX = 6

/**
 * Names each button whose words aren't visible, with its shortcut (`data-shortcut`), below it while the pointer rests on
 * it or the keyboard is there, and says why one can't be pressed (`data-why-not`). One element serves the whole page, so that buttons cost nothing.
 */
export function installTooltips(page: Document): void {
  const tooltip = page.createElement('div')
  tooltip.className = 'tooltip'
  tooltip.setAttribute('role', 'tooltip')
  // Its words are the name of the button, which is read already.
  tooltip.setAttribute('aria-hidden', 'true')
  tooltip.hidden = true
  page.body.append(tooltip)
  let owner: Element | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const hide = (): void => {
    clearTimeout(timer)
    owner = null
    tooltip.hidden = true
  }
  const show = (button: Element): void => {
    if (!button.isConnected || button.getAttribute('aria-expanded') === 'true') return
    const name = page.createElement('span')
    const whyNot = button.getAttribute('data-why-not')
    name.textContent = whyNot ?? nameOf(button)
    const shortcut = whyNot === null ? button.getAttribute('data-shortcut') : null
    const key = page.createElement('kbd')
    key.textContent = shortcut
    tooltip.replaceChildren(name, ...(shortcut === null ? [] : [key]))
    tooltip.hidden = false
    place(tooltip, button.getBoundingClientRect(), page.documentElement)
  }
  const follow = (target: EventTarget | null, waitMs: number): void => {
    const button = target instanceof Element ? target.closest('button, [role="button"]') : null
    if (button === owner && button !== null) return
    hide()
    if (button === null || !(button.hasAttribute('data-why-not') || isWordless(button))) return
    owner = button
    if (waitMs === 0) show(button)
    else timer = setTimeout(() => show(button), waitMs)
  }

  page.addEventListener('pointerover', ({ target, pointerType }) => {
    if (pointerType !== 'touch') follow(target, RESTING_MS)
  })
  page.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element && target.matches(':focus-visible')) follow(target, 0)
  })
  for (const kind of ['focusout', 'pointerdown', 'wheel', 'keydown'] as const)
    page.addEventListener(kind, hide, { capture: true, passive: true })
  page.addEventListener('scroll', hide, { capture: true, passive: true })
  page.documentElement.addEventListener('pointerleave', hide)
}

/** Whether it shows no words of its own, or signs alone (`data-sign`), and no other tooltip says what it is. */
function isWordless(button: Element): boolean {
  if (nameOf(button) === '' || button.closest('[title]') !== null) return false
  if (button.hasAttribute('data-sign')) return true
  const texts = button.ownerDocument.createTreeWalker(button, NodeFilter.SHOW_TEXT)
  while (texts.nextNode() !== null) {
    const { textContent, parentElement } = texts.currentNode
    if ((textContent ?? '').trim() !== '' && parentElement !== null && isSeen(parentElement)) return false
  }
  return true
}

/** Not of what is hidden, or there for screen readers alone. */
const isSeen = (part: Element): boolean => part.checkVisibility() && part.closest('.unseen') === null

/** Its accessible name, as far as buttons here have one. */
function nameOf(button: Element): string {
  const label = button.getAttribute('aria-label')
  if (label !== null) return label
  const ids = button.getAttribute('aria-labelledby')?.split(' ') ?? []
  const texts = ids.map((id) => button.ownerDocument.getElementById(id)?.textContent ?? '')
  return (ids.length > 0 ? texts.join(' ') : (button.textContent ?? '')).trim()
}

/** Below the button, or above where there is no room, and within the window. */
function place(tooltip: HTMLElement, button: DOMRect, { clientWidth, clientHeight }: Element): void {
  const { width, height } = tooltip.getBoundingClientRect()
  const left = Math.max(4, Math.min(button.left + (button.width - width) / 2, clientWidth - width - 4))
  const below = button.bottom + GAP_PX
  const top = below + height > clientHeight ? button.top - GAP_PX - height : below
  tooltip.style.left = `${left}px`
  tooltip.style.top = `${top}px`
}
