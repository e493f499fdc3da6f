import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** A program that records the arguments of each start. Returns what it recorded so far. */
export function writeFakeEditor(path: string): () => readonly (readonly string[])[] {
  const script = `#!/bin/sh
/usr/bin/env > "$0.env"
{ for word; do printf '%s\\0' "$word"; done; printf '\\n\\0'; } >> "$0.starts"
`
  writeFileSync(path, script, { mode: 0o755 })
  return () => {
    if (!existsSync(`${path}.starts`)) return []
    const starts = readFileSync(`${path}.starts`, 'utf8').split('\n\0')
    return starts.slice(0, -1).map((start) => start.split('\0').slice(0, -1))
  }
}
