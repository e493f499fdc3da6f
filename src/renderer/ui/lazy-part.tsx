import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { BlankSlate } from './blank-slate'
import { uiText } from './ui-text'

interface LazyPart<Props extends object> {
  readonly Component: ComponentType<Props>
  /** Loads the component before it is rendered. */
  readonly preload: () => void
}

/**
 * Loads a component when it is first rendered, to keep large dependencies out of the main bundle. `title` is
 * the heading of the error when loading fails; `opening` is shown until then. `React.lazy` is not used because it shows
 * its fallback for at least 300 ms.
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  title: string,
  opening: ReactNode = <p className="cap part-opening">{uiText.opening}</p>,
): LazyPart<Props> {
  let loaded: ComponentType<Props> | null = null
  let loading: Promise<void> | null = null
  const preload = (): Promise<void> =>
    (loading ??= load().then(
      (part) => void (loaded = part),
      () => void (loaded = Missing),
    ))
  const Missing = () => (
    <BlankSlate icon="warning" tone="bad" title={title}>
      {uiText.partMissing}
    </BlankSlate>
  )
  function Component(props: Props) {
    const [, setIsLoaded] = useState(loaded !== null)
    // Runs even when loaded, since loading may have finished after this render.
    useEffect(() => void preload().then(() => setIsLoaded(true)), [])
    const Loaded = loaded
    return Loaded === null ? opening : <Loaded {...props} />
  }
  return { Component, preload: () => void preload() }
}
