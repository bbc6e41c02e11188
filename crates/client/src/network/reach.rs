//! A stream of bytes to a server, over whatever way leads there.

use std::io;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{HOST, PROXY_AUTHORIZATION};
use http::{HeaderValue, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_socks::tcp::Socks5Stream;

use super::fault::ProxyFault;
use super::proxy::{Kind, ProxyAddress, ProxyLogin};
use super::{Network, Route};

/// What TLS and the socket need of a connection.
pub(crate) trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

/// A connection, whatever it goes through.
pub(crate) type Stream = Box<dyn Bytes>;

/// Why there is no stream.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReachError {
    /// Nobody answers at the address, straight or behind a proxy.
    #[error(transparent)]
    Unreachable(io::Error),
    /// The proxy did not let it through.
    #[error("{proxy}: {fault}")]
    Proxy { proxy: String, fault: ProxyFault },
}

/// Connects to a host, as the proxy of the way sees it. The caller sets the deadline.
pub(crate) async fn reach(network: &Network, route: &Route, host: &str, port: u16) -> Result<Stream, ReachError> {
    match route {
        Route::Direct => {
            let stream = TcpStream::connect((host, port))
                .await
                .map_err(ReachError::Unreachable)?;
            stream.set_nodelay(true).map_err(ReachError::Unreachable)?;
            Ok(Box::new(stream))
        }
        Route::Unusable { proxy } => Err(ReachError::Proxy {
            proxy: proxy.clone(),
            fault: ProxyFault::Unsupported,
        }),
        Route::Through { proxy, login } => {
            let stream = reach_proxy(network, proxy).await?;
            let opened = match proxy.kind {
                Kind::Http | Kind::Https => tunnel(stream, &place(host, port), login.as_ref()).await,
                Kind::Socks5 => socks(stream, host, port, login.as_ref()).await,
            };
            opened.map_err(|fault| match fault {
                Refused::Beyond(error) => ReachError::Unreachable(error),
                Refused::Here(fault) => at(proxy, fault),
            })
        }
    }
}

/// Connects to the proxy itself.
pub(crate) async fn reach_proxy(network: &Network, proxy: &ProxyAddress) -> Result<Stream, ReachError> {
    let away = |detail: String| at(proxy, ProxyFault::Unreachable { detail });
    let connecting = TcpStream::connect((proxy.host.as_str(), proxy.port));
    let stream = connecting.await.map_err(|error| away(error.to_string()))?;
    stream.set_nodelay(true).map_err(|error| away(error.to_string()))?;
    if proxy.kind != Kind::Https {
        return Ok(Box::new(stream));
    }
    let tls = network.tls().await.map_err(|error| away(error.to_string()))?;
    let name = ServerName::try_from(proxy.host.clone()).map_err(|error| away(error.to_string()))?;
    let shaken = TlsConnector::from(Arc::new(tls)).connect(name, stream).await;
    shaken
        .map(|stream| Box::new(stream) as Stream)
        .map_err(|error| match super::certificate_fault(&error) {
            Some(certificate) => at(
                proxy,
                ProxyFault::Certificate {
                    certificate: Box::new(certificate),
                },
            ),
            None => away(error.to_string()),
        })
}

fn at(proxy: &ProxyAddress, fault: ProxyFault) -> ReachError {
    ReachError::Proxy {
        proxy: proxy.text(),
        fault,
    }
}

fn place(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// Who did not want to.
enum Refused {
    /// The proxy.
    Here(ProxyFault),
    /// The network or the server behind the proxy.
    Beyond(io::Error),
}

/// HTTP `CONNECT`.
async fn tunnel(stream: Stream, target: &str, login: Option<&ProxyLogin>) -> Result<Stream, Refused> {
    let broken = |error: hyper::Error| {
        Refused::Here(ProxyFault::NoProxy {
            detail: error.to_string(),
        })
    };
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let asking = async {
        let answer = sender.send_request(connect(target, login)?).await.map_err(broken)?;
        match answer.status() {
            status if status.is_success() => hyper::upgrade::on(answer).await.map_err(broken),
            status => Err(refused(status, login.is_some())),
        }
    };
    // The connection carries the question; once it is upgraded it is done.
    let mut connection = std::pin::pin!(connection.with_upgrades());
    let mut asking = std::pin::pin!(asking);
    tokio::select! {
        biased;
        answered = &mut asking => answered,
        ended = &mut connection => match ended {
            Ok(()) => asking.await,
            Err(error) => Err(broken(error)),
        },
    }
    .map(|upgraded| Box::new(TokioIo::new(upgraded)) as Stream)
}

fn connect(target: &str, login: Option<&ProxyLogin>) -> Result<Request<String>, Refused> {
    let mut request = Request::builder()
        .method(Method::CONNECT)
        .uri(target)
        .header(HOST, target);
    if let Some(login) = login {
        let pair = STANDARD.encode(format!("{}:{}", login.user, login.password));
        if let Ok(mut value) = HeaderValue::try_from(format!("Basic {pair}")) {
            value.set_sensitive(true);
            request = request.header(PROXY_AUTHORIZATION, value);
        }
    }
    let request = request.body(String::new());
    request.map_err(|error| Refused::Beyond(io::Error::new(io::ErrorKind::InvalidInput, error)))
}

fn refused(status: StatusCode, has_login: bool) -> Refused {
    match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => Refused::Here(ProxyFault::wants_login(has_login)),
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            Refused::Beyond(io::Error::new(
                io::ErrorKind::HostUnreachable,
                format!("the proxy answered with status {status}"),
            ))
        }
        status => Refused::Here(ProxyFault::Refused {
            detail: status.to_string(),
        }),
    }
}

async fn socks(stream: Stream, host: &str, port: u16, login: Option<&ProxyLogin>) -> Result<Stream, Refused> {
    use tokio_socks::Error;
    let target = (host, port);
    let opened = match login {
        Some(login) => {
            Socks5Stream::connect_with_password_and_socket(stream, target, &login.user, &login.password).await
        }
        None => Socks5Stream::connect_with_socket(stream, target).await,
    };
    opened
        .map(|stream| Box::new(stream.into_inner()) as Stream)
        .map_err(|error| match error {
            Error::NoAcceptableAuthMethods | Error::AuthorizationRequired | Error::PasswordAuthFailure(_) => {
                Refused::Here(ProxyFault::wants_login(login.is_some()))
            }
            Error::HostUnreachable
            | Error::NetworkUnreachable
            | Error::ConnectionRefused
            | Error::TtlExpired
            | Error::GeneralSocksServerFailure => Refused::Beyond(io::Error::other(error)),
            Error::ConnectionNotAllowedByRuleset => Refused::Here(ProxyFault::Refused {
                detail: error.to_string(),
            }),
            other => Refused::Here(ProxyFault::NoProxy {
                detail: other.to_string(),
            }),
        })
}
