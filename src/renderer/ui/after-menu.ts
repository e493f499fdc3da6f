/**
 * Runs what moves the focus elsewhere once the menu in which it was chosen is closed, which gives the focus back to its
 * button in the next frame.
 */
export function afterMenu(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run))
}
