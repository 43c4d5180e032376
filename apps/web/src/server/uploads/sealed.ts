/** What a page has in place of the gateway's handle of an upload: that, and 32 bytes of base64url that say whose it is. */
export const SEALED = /^upload_[\w-]{22}\.[\w-]{43}$/
