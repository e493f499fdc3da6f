import { useEffect, useRef } from 'react'

/** Focuses the heading of a new step, so that keyboard and screen reader continue there. */
export function useFocusedHeading() {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return heading
}
