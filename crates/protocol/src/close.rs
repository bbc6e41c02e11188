//! Why a socket was closed: WebSocket close codes (RFC 6455 §7.4), 4000–4999 are ours.

/// The server is stopping or draining; `goodbye` said before when to come back.
pub const GOING_AWAY: u16 = 1001;
/// The client read too slowly; it may connect again at once and resume.
pub const SLOW_READER: u16 = 4000;
/// The session was ended; sign in again.
pub const SESSION_ENDED: u16 = 4001;
/// A frame that is not one of the protocol's; the reason names what was wrong.
pub const PROTOCOL_ERROR: u16 = 4002;
/// The client did not offer a subprotocol that the server speaks.
pub const UNSUPPORTED_VERSION: u16 = 4003;
/// The access token ended and no fresh one was sent; get one and connect again.
pub const TOKEN_EXPIRED: u16 = 4004;
/// Too many sockets of one person; the oldest is closed.
pub const TOO_MANY_SOCKETS: u16 = 4005;
/// No `hello` came, or two pings were not answered.
pub const TIMED_OUT: u16 = 4006;
