/**
 * Sockets for plugins: connect, listen, over TCP, TLS and unix sockets; groups of servers; what inputs share that take text from ports,
 * and what outputs share that keep connections to one server, or to one of a group.
 * @module
 */

export { AddressSet } from './address-set.js'
export { type Balance, type Candidate, chooser } from './balance.js'
export { connect, type ConnectSettings } from './connect.js'
export { type ConnectionOptions, connectionOptions } from './connection-options.js'
export { datagramOutput, type DatagramParts } from './datagram-output.js'
export { type Datagrams, largestDatagram } from './datagram-sender.js'
export {
  type DatagramServerSettings,
  datagramServerOptions,
  type SendDatagram,
  serveDatagrams,
  type TakeDatagram,
} from './datagram-server.js'
export { ingestIgnored, ingestOptions, ingestParser, type IngestSettings } from './ingest.js'
export { Exchange, type ExchangeLimits } from './exchange.js'
export { certificateNames } from './certificate-names.js'
export { type ListenAddress, parseListen } from './listen-address.js'
export { openWebSocket, type WebSocketClientSettings } from './open-web-socket.js'
export { peerAddress, peerPort } from './peer-address.js'
export { serve, type ServeContext, type ServeLimits, type ServeSettings } from './serve.js'
export { listenOptions, readStreamServer, type StreamServerOptions, streamServerOptions } from './server-options.js'
export { type Connections, type Keepable, KeptConnections, type KeptSettings } from './kept-connections.js'
export type { Member } from './member.js'
export { probeByConnecting, type ProbeOptions } from './probe.js'
export type { Server, ServerOf } from './server.js'
export { type GroupSettings, ServerGroup } from './server-group.js'
export { partOf, sharedAddresses, sharingOf, sharingOptions } from './sharing.js'
export { serverWords, type ServerWords } from './server-words.js'
export { ServerConnections, serverConnections, type ServerConnectionsSettings } from './server-connections.js'
export { serversOf } from './servers-of.js'
export { type Outgoing, type Sender, SendingOutput, type SendingParts } from './sending-output.js'
export { streamIgnored, streamOptions } from './stream-options.js'
export { streamOutput, type StreamParts } from './stream-output.js'
export { StreamSender, type StreamSettings } from './stream-sender.js'
export { SocketReads } from './socket-reads.js'
export { type Stage, watch } from './watch.js'
export { hostForm, type Target, targetText } from './target.js'
export { readTlsSettings, tlsOptions, type TlsSettings } from './tls-options.js'
export { tryListen } from './try-listen.js'
export { Upstream } from './upstream.js'
export { groupSettings, upstreamOption, upstreamOptions, type UpstreamValues } from './upstream-options.js'
