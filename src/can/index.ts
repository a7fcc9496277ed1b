/**
 * Knowledge of vehicles, without sockets.
 * @module
 */

export { type CanFrame, copyFrame, emptyFrame, longestData } from './frame.js'
