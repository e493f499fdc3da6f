import { type ComponentType, useEffect, useState } from 'react'
import { BlankSlate } from './blank-slate'

interface LaterPart<Props extends object> {
  readonly Part: ComponentType<Props>
  /** Loads it before it is drawn. */
  readonly prepare: () => void
}

/**
 * A part of a window that is loaded once it is drawn, since nothing else needs what it brings along; `title` says what is
 * missing where that fails. Not `React.lazy`: that leaves its place holder in the window for at least 300 ms.
 */
export function laterPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  title: string,
): LaterPart<Props> {
  let loaded: ComponentType<Props> | null = null
  let loading: Promise<void> | null = null
  const prepare = (): Promise<void> =>
    (loading ??= load().then(
      (part) => void (loaded = part),
      () => void (loaded = Missing),
    ))
  const Missing = () => (
    <BlankSlate icon="warning" tone="bad" title={title}>
      A part of Podkeeper is missing or was replaced. Quit it and start it again.
    </BlankSlate>
  )
  function Part(props: Props) {
    const [, setDone] = useState(loaded !== null)
    // Asked for in any case: it may have come since this was drawn.
    useEffect(() => void prepare().then(() => setDone(true)), [])
    const Loaded = loaded
    return Loaded === null ? <p className="cap part-opening">Opening…</p> : <Loaded {...props} />
  }
  return { Part, prepare: () => void prepare() }
}
