import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSeededRandom, type SeededRandom } from '../seeded-random'

/** Typical program output to measure with. Each file has a fixed length and is the same in every run. */
export const outputs = [
  { name: 'a large text', bytes: 12_000_000, lineOf: textLine },
  { name: 'ls -lR', bytes: 12_000_000, lineOf: listLine },
  { name: 'many colours', bytes: 6_000_000, lineOf: colourLine },
] as const

/** Writes one of them to a file in the folder and returns its path and size in bytes. */
export async function writeOutput(
  folder: string,
  { name, bytes, lineOf }: (typeof outputs)[number],
): Promise<{ readonly path: string; readonly bytes: Buffer }> {
  const random = createSeededRandom(7)
  const lines: string[] = []
  for (let length = 0; length < bytes;) {
    const line = `${lineOf(random)}\n`
    lines.push(line)
    length += line.length
  }
  const all = Buffer.from(lines.join('').slice(0, bytes - 1) + '\n')
  const path = join(folder, `${name.replaceAll(' ', '-')}.txt`)
  await writeFile(path, all)
  return { path, bytes: all }
}

const WORDS = [
  'gradient',
  'of',
  'the',
  'loss',
  'a',
  'tensor',
  'epoch',
  'is',
  'checkpoint',
  'to',
  'and',
  'batch',
] as const

function textLine(random: SeededRandom): string {
  let line = ''
  for (const wanted = random.integer(20, 110); line.length < wanted;) line += `${random.pick(WORDS)} `
  return line.trimEnd()
}

function listLine(random: SeededRandom): string {
  if (random.bool(0.05))
    return `\n./${random.pick(WORDS)}/${random.pick(WORDS)}-${random.integer(1, 999)}:\ntotal ${random.integer(4, 4_000)}`
  const size = String(random.integer(1, 99_999_999)).padStart(9)
  return `-rw-r--r-- 1 root root ${size} Nov ${String(random.integer(1, 28)).padStart(2)} 09:${random.integer(10, 59)} ${random.pick(WORDS)}-${random.integer(1, 9_999)}.safetensors`
}

/** Like a progress bar, a log or an editor with syntax highlighting: a color for each word. */
function colourLine(random: SeededRandom): string {
  let line = ''
  for (let words = random.integer(6, 12); words > 0; words--) {
    const colour = random.pick([
      `3${random.integer(1, 7)}`,
      `1;9${random.integer(1, 7)}`,
      `38;5;${random.integer(16, 255)}`,
      `38;2;${random.integer(0, 255)};${random.integer(0, 255)};${random.integer(0, 255)}`,
      `4;3${random.integer(1, 7)};4${random.integer(1, 7)}`,
    ])
    line += `\u001B[${colour}m${random.pick(WORDS)}\u001B[0m `
  }
  return line
}
