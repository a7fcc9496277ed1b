/**
 * Sockets for plugins: connect and listen, over TCP, TLS and unix sockets, what inputs share that take text from ports, and what
 * outputs share that keep connections.
 * @module
 */

export { connect, type ConnectSettings } from './connect.js'
export { type ConnectionOptions, connectionOptions } from './connection-options.js'
export { ingestIgnored, ingestOptions, ingestParser, type IngestSettings } from './ingest.js'
export { Exchange, type ExchangeLimits } from './exchange.js'
export { certificateNames } from './certificate-names.js'
export { type ListenAddress, parseListen } from './listen-address.js'
export { peerAddress } from './peer-address.js'
export { serve, type ServeContext, type ServeLimits, type ServeSettings } from './serve.js'
export { listenOptions, readStreamServer, type StreamServerOptions, streamServerOptions } from './server-options.js'
export { type Keepable, KeptConnections, type KeptSettings } from './kept-connections.js'
export { hostForm, type Target, targetText } from './target.js'
export { readTlsSettings, tlsOptions, type TlsSettings } from './tls-options.js'
