/**
 * Databases for modules of the user's.
 * @module
 */

export { DatabaseClients } from './clients.js'
