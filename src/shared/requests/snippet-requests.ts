import * as v from 'valibot'
import type { PodKey } from '../../core/pods/pod'
import { MAX_SNIPPETS, type Snippet, type SnippetValues } from '../../core/terminal/snippets'
import { podKeySchema } from './field-schemas'

/** The part of the contract for saved commands. See docs/product-rules.md#134-live-gpus-snippets-editors. */
export interface SnippetRequests {
  snippets: () => readonly Snippet[]
  /** Replaces all of them; refused with a sentence when one can't be saved. */
  saveSnippets: (snippets: readonly Snippet[]) => void
  /** What is filled into snippets for this pod. */
  snippetValues: (podKey: PodKey) => SnippetValues
}

const text = v.pipe(v.string(), v.maxLength(4_000))
const snippets = v.pipe(v.array(v.strictObject({ name: text, command: text })), v.maxLength(MAX_SNIPPETS))

export const snippetRequestSchemas = {
  snippets: v.tuple([]),
  saveSnippets: v.tuple([snippets]),
  snippetValues: v.tuple([podKeySchema]),
} satisfies { [K in keyof SnippetRequests]: v.GenericSchema<unknown, Parameters<SnippetRequests[K]>> }
