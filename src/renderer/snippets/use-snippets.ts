import { useEffect, useState } from 'react'
import type { Snippet } from '../../core/terminal/snippets'
import { useWindow } from '../state/window-context'
import { snippetsText } from './snippets-text'

/** The snippets, null until they were read, and what replaces them once that is on disk. */
export function useSnippets() {
  const { bridge, snapshotStore } = useWindow()
  const [snippets, setSnippets] = useState<readonly Snippet[] | null>(null)
  useEffect(() => {
    let isMounted = true
    void snapshotStore.runRequest(snippetsText.couldNotRead, bridge.snippets()).then((read) => {
      if (isMounted && read !== null) setSnippets(read)
    })
    return () => {
      isMounted = false
    }
  }, [bridge, snapshotStore])

  /** The error is a sentence; null: they are saved. */
  async function save(changed: readonly Snippet[]): Promise<string | null> {
    const saved = await bridge.saveSnippets(changed).catch(() => null)
    if (saved?.ok !== true) return saved?.error.message ?? snippetsText.couldNotSave
    setSnippets(changed)
    return null
  }
  return { snippets, save }
}
