import { useTick } from '../state/window-context'

/** A text that follows the clock by itself, so that what surrounds it does not render every second. */
export function Tick({ text }: { readonly text: (nowMs: number) => string }) {
  return <>{useTick(text)}</>
}
