import type { H3Event } from 'h3'
import { deviceCookieFor, DEVICE_COOKIE_DAYS } from '#server/services/accounts/sign-in-delays'
import { clearOwnCookie, readOwnCookie, writeOwnCookie } from './session-cookie'

/** Tells that this browser has signed in to an account before, which spares it waiting for others' failures. */
const NAME = 'vb_device'

export const readDeviceCookie = (event: H3Event): string | null => readOwnCookie(event, NAME)

export function writeDeviceCookie(event: H3Event, email: string): void {
  writeOwnCookie(event, NAME, deviceCookieFor(email), DEVICE_COOKIE_DAYS * 24 * 60 * 60)
}

/** For an account that is gone. */
export const clearDeviceCookie = (event: H3Event): void => clearOwnCookie(event, NAME)
