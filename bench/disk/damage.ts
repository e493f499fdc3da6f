import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'

/** What happened to a file while no program ran. */
export type Damage =
  | { readonly kind: 'missing' | 'empty' | 'nul' | 'nul-tail' | 'folder' | 'loop' | 'too-large' | 'doubled' }
  /** Only the first bytes are left. */
  | { readonly kind: 'cut'; readonly byte: number }
  /** One bit of the byte is another one. */
  | { readonly kind: 'flip'; readonly byte: number; readonly bit: number }
  /** The byte is NUL, as after a bad block. */
  | { readonly kind: 'nul-byte'; readonly byte: number }

export const damageText = (damage: Damage): string => JSON.stringify(damage)

/** Longer than any text can be. Takes no room on the disk. */
const TOO_LARGE_BYTES = 3 * 1_024 ** 3

export function applyDamage(path: string, damage: Damage): void {
  const content = readFileSync(path)
  switch (damage.kind) {
    case 'missing':
      rmSync(path)
      return
    case 'empty':
      truncateSync(path)
      return
    case 'nul':
      writeFileSync(path, Buffer.alloc(content.length))
      return
    case 'nul-tail':
      writeFileSync(path, Buffer.concat([content, Buffer.alloc(4_096)]))
      return
    case 'folder':
      rmSync(path)
      mkdirSync(path)
      writeFileSync(`${path}/in the way`, '')
      return
    case 'loop':
      rmSync(path)
      symlinkSync(path, path)
      return
    case 'too-large':
      truncateSync(path, TOO_LARGE_BYTES)
      return
    case 'doubled':
      writeFileSync(path, doubled(content.toString()))
      return
    case 'cut':
      truncateSync(path, damage.byte)
      return
    case 'flip':
      content[damage.byte] = (content[damage.byte] ?? 0) ^ (1 << damage.bit)
      writeFileSync(path, content)
      return
    case 'nul-byte':
      content[damage.byte] = 0
      writeFileSync(path, content)
  }
}

/** Each line twice. */
const doubled = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `${line}\n${line}`))
    .join('\n')

const WHOLE: readonly Damage[] = (
  ['missing', 'empty', 'nul', 'nul-tail', 'folder', 'loop', 'too-large', 'doubled'] as const
).map((kind) => ({ kind }))

/** Every damage of a file: as a whole, and each of its bytes cut, flipped (a bit of it) or NUL. */
export function damagesOf(path: string): readonly Damage[] {
  const bytes = Array.from({ length: statSync(path).size }, (_, byte) => byte)
  return [
    ...WHOLE,
    ...bytes.map((byte): Damage => ({ kind: 'cut', byte })),
    ...bytes.map((byte): Damage => ({ kind: 'nul-byte', byte })),
    ...bytes.map((byte): Damage => ({ kind: 'flip', byte, bit: byte % 7 })),
  ]
}
