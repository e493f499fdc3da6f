import { useClockText } from '../state/window-context'

/** A text that follows the clock by itself, so that what surrounds it does not render every second. */
export function ClockText({ textAt }: { readonly textAt: (nowMs: number) => string }) {
  return <>{useClockText(textAt)}</>
}
