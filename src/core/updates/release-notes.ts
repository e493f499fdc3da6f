/** What changed in a version, as the changelog has it. */
export interface ReleaseNotes {
  /** Null: a build of what isn't released yet. */
  readonly version: string | null
  readonly sections: readonly { readonly title: string; readonly entries: readonly ReleaseNote[] }[]
}

/** A change, in pieces: words, the name of something in a window, or code. */
export type ReleaseNote = readonly {
  readonly kind: 'text' | 'name' | 'code'
  readonly text: string
}[]

const VERSION_HEADING = /^## \[?(\d+\.\d+\.\d+|Unreleased)\b/

/**
 * Reads what changed in `version` from the text of CHANGELOG.md, or what isn't released yet where the changelog doesn't
 * name that version. Null: neither is there. See docs/product-rules.md#17-updates.
 */
export function readReleaseNotes(changelog: string, version: string): ReleaseNotes | null {
  const versions = changelog
    .split(/^(?=## )/m)
    .map((part) => ({ name: VERSION_HEADING.exec(part)?.[1], part }))
  const found =
    versions.find(({ name }) => name === version) ?? versions.find(({ name }) => name === 'Unreleased')
  if (found === undefined) return null
  const sections = found.part
    .split(/^### /m)
    .slice(1)
    .map((section) => ({
      title: section.slice(0, section.indexOf('\n')).trim(),
      entries: section.split(/^- /m).slice(1).map(readNote),
    }))
  return { version: found.name === version ? version : null, sections }
}

/** Entries have emphasis, code and links, and no other Markdown. */
function readNote(markdown: string): ReleaseNote {
  const plain = markdown
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
  return [...plain.matchAll(/`([^`]+)`|(?<!\w)_([^_]+)_(?!\w)|(?:(?!`[^`]+`|(?<!\w)_[^_]+_(?!\w)).)+/g)].map(
    ([text, code, name]) =>
      code !== undefined
        ? { kind: 'code', text: code }
        : name !== undefined
          ? { kind: 'name', text: name }
          : { kind: 'text', text },
  )
}
