/** The lines that a terminal takes are shorter than 4,096 bytes. */
const MAX_CHUNK_UNITS = 200

/** For `printf %b`, between quotes of any kind. */
export function escapeText(text: string): string {
  return encodeURIComponent(text).replaceAll(/%([0-9A-F]{2})|[!'()*~]/g, (char, hex: string) => {
    const code = hex === undefined ? char.charCodeAt(0) : Number.parseInt(hex, 16)
    const plain = String.fromCharCode(code)
    return /[ /:=,@+]/.test(plain) ? plain : `\\0${code.toString(8).padStart(3, '0')}`
  })
}

/** What `escapeText` made, as UTF-8 bytes. */
export function unescapeText(text: string): string {
  const percent = text.replaceAll('%', '%25').replaceAll(/\\0(\d{3})/g, (_, octal: string) => {
    return `%${Number.parseInt(octal, 8).toString(16).padStart(2, '0')}`
  })
  return decodeURIComponent(percent)
}

/** Cuts no escape in two. */
export const chunksOf = (escaped: string): readonly string[] =>
  escaped.match(new RegExp(`(?:\\\\0\\d{3}|[^\\\\]){1,${MAX_CHUNK_UNITS}}`, 'g')) ?? []
