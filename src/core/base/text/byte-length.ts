/** In UTF-8. */
export const byteLength = (text: string): number => encodeURIComponent(text).replaceAll(/%../g, '%').length
