/**
 * Gives the focus to a part of a page that has just come, unless a menu or a dialog in front of the page has it: that
 * would close it. While one is open, React Aria hides what is behind it.
 */
export function focusInPage(element: HTMLElement | null): void {
  if (element?.closest('[aria-hidden="true"], [inert]') === null) element.focus({ preventScroll: true })
}
