/** The words that ids and names of GPU types are made of. */
const KNOWN = new Set(
  'NVIDIA AMD Intel GeForce RTX PRO Ada Generation Blackwell Server Workstation Max Q Edition Tesla Quadro Instinct Radeon OAM PCIe NVL SXM GPU'.split(
    ' ',
  ),
)
/** Such as "A100", "80GB", "HBM3e", "SXM4", "MI300X", "4090". */
const MODEL = /^(?:[A-Z]{0,2}\d{1,4}[A-Z]?|\d{1,3}GB|HBM\dE?|SXM\d|Ti)$/i

/** Whether a text is the id or name of a GPU type and nothing else. */
export const isGpuType = (text: string): boolean =>
  text.length <= 60 && text.split(/[ -]/).every((word) => KNOWN.has(word) || MODEL.test(word))
