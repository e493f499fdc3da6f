/** What may have become of a pod that is missing from the provider’s list, without a full stop. */
export const vanishedText = 'Someone may have terminated it, it may have been outbid, or the balance ran out'
