const OFFSET = 14_695_981_039_346_656_037n
const PRIME = 1_099_511_628_211n
const MASK = 0xffff_ffff_ffff_ffffn
/** No text in UTF-8 has this byte. */
const SEPARATOR = 255n

/** The fingerprint that Prometheus and Alertmanager give these labels: FNV-1a of 64 bits, as 16 hex digits. */
export function alertFingerprint(labels: Readonly<Record<string, string>>): string {
  let hash = OFFSET
  const add = (byte: bigint): void => {
    hash = ((hash ^ byte) * PRIME) & MASK
  }
  for (const name of Object.keys(labels).sort()) {
    for (const text of [name, labels[name] ?? '']) {
      for (const byte of utf8(text)) add(BigInt(byte))
      add(SEPARATOR)
    }
  }
  return hash.toString(16).padStart(16, '0')
}

function* utf8(text: string): Generator<number> {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) yield code
    else if (code < 0x800) yield* [0xc0 | (code >> 6), tail(code)]
    else if (code < 0x10000) yield* [0xe0 | (code >> 12), tail(code >> 6), tail(code)]
    else yield* [0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code)]
  }
}

const tail = (bits: number): number => 0x80 | (bits & 0x3f)
