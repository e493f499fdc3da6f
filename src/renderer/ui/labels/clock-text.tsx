import { useClockText } from '../../state/window-context'

/** A text that depends on the clock, isolated so that its parent doesn't re-render every second. */
export function ClockText({ textAt }: { readonly textAt: (nowMs: number) => string }) {
  return <>{useClockText(textAt)}</>
}
