export const announcedKeys = ['accepted', 'may-change'] as const
/** What an announcement says of the host key of a pod that is requested. */
export type AnnouncedKey = (typeof announcedKeys)[number]

export const announcedKeyText: Readonly<Record<AnnouncedKey, string>> = {
  accepted: 'The host key that it shows first is accepted for its jobs.',
  'may-change': 'If it has a new host key then, the job waits for you.',
}

/** What accepting the first host key of a pod may cost. */
export const NEW_KEY_CONSEQUENCE =
  'Anyone who answers at the pod’s address in that moment could read the job’s variables.'
