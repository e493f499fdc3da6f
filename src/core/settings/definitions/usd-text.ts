/**
 * An amount in USD as people write it ("$1,000", "49.50", "49,50 USD", "1.000,50"), without a sign; null when it is
 * none, or could mean two amounts ("1.000").
 */
export function parseUsd(text: string): number | null {
  const bare = text
    .trim()
    .replace(/^(?:US)?\$\s*|\s*(?:USD|\$)$/gi, '')
    .replaceAll(/(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?:\D|$))/g, '')
  const [, whole, cents = ''] =
    /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?$/.exec(bare) ??
    /^(\d+|\d{1,3}(?:\.\d{3})+),(\d{1,2})$/.exec(bare) ??
    []
  return whole === undefined ? null : Number(`${whole.replaceAll(/[,.]/g, '')}.${cents || '0'}`)
}
