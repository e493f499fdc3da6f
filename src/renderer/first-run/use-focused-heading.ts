import { useEffect, useRef } from 'react'

/** For the heading of a step that took the place of another: the keyboard goes on there, and a screen reader reads it. */
export function useFocusedHeading() {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return heading
}
